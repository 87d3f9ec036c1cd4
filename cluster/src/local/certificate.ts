// The certificate of the cluster's own, for the names by which it is reached; made once for a state folder.
import { X509Certificate } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import type { Certificate } from './http.ts';
import { selfSigned } from './self-signed.ts';

const day = 24 * 60 * 60 * 1000;

/** Where the certificate for clients is. */
export const certificateFile = (folder: string): string => path.join(folder, 'tls-certificate.pem');

/** That of the folder, made anew when it is missing, does not name all of `names`, or soon ends. Throws one sentence. */
export async function ownCertificate(folder: string, names: readonly string[]): Promise<Certificate> {
  const keyFile = path.join(folder, 'tls-key.pem');
  const [cert, key] = await Promise.all(
    [certificateFile(folder), keyFile].map(file => readFile(file, 'utf8').catch(() => '')),
  );
  if (cert !== undefined && key !== undefined && isGood(cert, key, names)) return { cert, key };
  const made = selfSigned(names);
  try {
    await writeFile(keyFile, made.key, { mode: 0o600 });
    await writeFile(certificateFile(folder), made.cert);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`The certificate cannot be written to ${folder} (${reason}): name another state folder.`);
  }
  return made;
}

function isGood(cert: string, key: string, names: readonly string[]): boolean {
  try {
    const parsed = new X509Certificate(cert);
    const covers = (name: string) => (net.isIP(name) > 0 ? parsed.checkIP(name) : parsed.checkHost(name)) !== undefined;
    return key !== '' && names.every(covers) && Date.parse(parsed.validTo) > Date.now() + 30 * day;
  } catch {
    return false;
  }
}
