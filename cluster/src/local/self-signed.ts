// A certificate that nobody has signed, for TLS ports of this machine. X.509 as RFC 5280 has it, in the DER of X.690.
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import net from 'node:net';

const element = (tag: number, ...content: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(content);
  const size = body.length;
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
};
const sequence = (...content: readonly Uint8Array[]): Buffer => element(0x30, ...content);
const text = (tag: number, value: string): Buffer => element(tag, Buffer.from(value, 'ascii'));
const bits = (value: Uint8Array): Buffer => element(0x03, Buffer.from([0]), value);
const oid = (...bytes: readonly number[]): Buffer => element(0x06, Buffer.from(bytes));

const ecdsaWithSha256 = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
const commonName = oid(0x55, 0x04, 0x03);
const subjectAltName = oid(0x55, 0x1d, 0x11);

/** For host names and IPv4 addresses, of which the first is its subject, for ten years; both in PEM. */
export function selfSigned(names: readonly string[]): { readonly cert: string; readonly key: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const serial = randomBytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  const name = sequence(element(0x31, sequence(commonName, text(0x0c, names[0] ?? 'localhost'))));
  const year = new Date().getUTCFullYear();
  const alternatives = names.map(each =>
    net.isIPv4(each) ? element(0x87, Buffer.from(each.split('.').map(Number))) : text(0x82, each),
  );
  const certificate = sequence(
    element(0xa0, element(0x02, Buffer.from([2]))),
    element(0x02, serial),
    ecdsaWithSha256,
    name,
    sequence(newYear(year), newYear(year + 10)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    element(0xa3, sequence(sequence(subjectAltName, element(0x04, sequence(...alternatives))))),
  );
  const der = sequence(certificate, ecdsaWithSha256, bits(sign('sha256', certificate, privateKey)));
  const lines = der.toString('base64').replace(/.{64}/g, '$&\n').trimEnd();
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

/** Until 2049 a year has two digits. */
const newYear = (year: number): Buffer =>
  year < 2050 ? text(0x17, `${year % 100}0101000000Z`) : text(0x18, `${year}0101000000Z`);
