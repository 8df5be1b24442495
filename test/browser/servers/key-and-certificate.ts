import type { selfSignedCertificate } from '../../support/self-signed.js';

export type KeyAndCertificate = ReturnType<typeof selfSignedCertificate>;
