import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/** One DER element: tag, length, content. */
function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  if (content.length < 0x80) {
    return Buffer.concat([Buffer.from([tag, content.length]), content]);
  }
  const size = content.length < 0x100 ? [0x81, content.length] : [0x82, content.length >> 8, content.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const sequence = (...parts: Buffer[]): Buffer => der(0x30, ...parts);
const bytes = (...values: number[]): Buffer => Buffer.from(values);
const utcTime = (text: string): Buffer => der(0x17, Buffer.from(text, 'ascii'));

/** ecdsa-with-SHA256, 1.2.840.10045.4.3.2 */
const SIGNATURE_ALGORITHM = sequence(der(0x06, bytes(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02)));
/** commonName, 2.5.4.3 */
const COMMON_NAME = der(0x06, bytes(0x55, 0x04, 0x03));

/** A key and a self-signed certificate for `localhost`, generated for each run, so the tree contains no private key. */
export function selfSignedCertificate(): { key: string; cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const name = sequence(der(0x31, sequence(COMMON_NAME, der(0x0c, Buffer.from('localhost')))));
  const body = sequence(
    // Firefox refuses two certificates with the same issuer and serial number.
    der(0x02, Buffer.concat([bytes(0x01), randomBytes(8)])),
    SIGNATURE_ALGORITHM,
    name,
    sequence(utcTime('200101000000Z'), utcTime('491231235959Z')),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = der(0x03, bytes(0x00), sign('sha256', body, privateKey));
  const certificate = sequence(body, SIGNATURE_ALGORITHM, signature).toString('base64');
  const lines = certificate.match(/.{1,64}/g) ?? [];
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
  };
}
