import type { CorsPolicyOptions } from 'nestjs-cors';

export const tusPolicy = {
  allowedHeaders: [
    'Content-Type',
    'Tus-Resumable',
    'Upload-Concat',
    'Upload-Defer-Length',
    'Upload-Length',
    'Upload-Metadata',
    'Upload-Offset',
  ],
  exposedHeaders: [
    'Location',
    'Tus-Extension',
    'Tus-Max-Size',
    'Tus-Resumable',
    'Tus-Version',
    'Upload-Length',
    'Upload-Metadata',
    'Upload-Offset',
  ],
} satisfies CorsPolicyOptions;
