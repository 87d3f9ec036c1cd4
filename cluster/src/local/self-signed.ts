// Makes a certificate that nobody else has signed. X.509 as RFC 5280 has it, in the DER of X.690.
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import net from 'node:net';
import type { Certificate } from './http.ts';

const day = 24 * 60 * 60 * 1000;
const validFor = 3650 * day;

type Der = Buffer;

function tagged(tag: number, ...parts: readonly Der[]): Der {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const sequence = (...parts: readonly Der[]): Der => tagged(0x30, ...parts);
const octets = (content: Der): Der => tagged(0x04, content);
const bits = (content: Der): Der => tagged(0x03, Buffer.from([0]), content);
const yes = tagged(0x01, Buffer.from([255]));

/** Of an object identifier: its first two numbers are one byte, the others in base 128. */
function oid(text: string): Der {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
  const base128 = (value: number): number[] =>
    value < 128 ? [value] : [...base128(value >> 7).map(byte => byte | 128), value & 127];
  return tagged(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

/** Until 2049 a year has two digits. */
function dateOf(time: number): Der {
  const text = new Date(time).toISOString().replace(/[-:T]|\.\d+/g, '');
  return text < '2050' ? tagged(0x17, Buffer.from(text.slice(2))) : tagged(0x18, Buffer.from(text));
}

const extension = (id: string, critical: boolean, value: Der): Der =>
  sequence(oid(id), ...(critical ? [yes] : []), octets(value));

function alternativeName(name: string): Der {
  if (net.isIPv4(name)) return tagged(0x87, Buffer.from(name.split('.').map(Number)));
  if (name === '::1') return tagged(0x87, Buffer.from([...new Array<number>(15).fill(0), 1]));
  return tagged(0x82, Buffer.from(name, 'latin1'));
}

/** For host names and IP addresses, for ten years, as the clusters of INDIGO have it. */
export function selfSigned(names: readonly string[]): Certificate {
  const now = Date.now();
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const ecdsaWithSha256 = sequence(oid('1.2.840.10045.4.3.2'));
  const name = sequence(
    tagged(0x31, sequence(oid('2.5.4.3'), tagged(0x0c, Buffer.from('TOSCA for Mesos local cluster')))),
  );
  const serial = randomBytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  const body = sequence(
    tagged(0xa0, tagged(0x02, Buffer.from([2]))),
    tagged(0x02, serial),
    ecdsaWithSha256,
    name,
    sequence(dateOf(now - day), dateOf(now + validFor)),
    name,
    spki,
    tagged(
      0xa3,
      sequence(
        extension('2.5.29.19', true, sequence(yes)),
        // digitalSignature, keyCertSign
        extension('2.5.29.15', true, tagged(0x03, Buffer.from([2, 0x84]))),
        extension('2.5.29.37', false, sequence(oid('1.3.6.1.5.5.7.3.1'))),
        extension('2.5.29.14', false, octets(createHash('sha1').update(spki).digest())),
        extension('2.5.29.17', false, sequence(...names.map(alternativeName))),
      ),
    ),
  );
  const signature = sign('sha256', body, privateKey);
  const der = sequence(body, ecdsaWithSha256, bits(signature));
  const lines = der.toString('base64').replace(/.{64}(?=.)/g, '$&\n');
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  };
}
