// Who pulls an image: what a task brings in its sandbox, as Marathon's documentation has it (`.docker/config.json` or `.dockercfg` from its
// URIs), else what this user is logged in with. Passwords that a credential helper keeps are not asked for.
import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

interface Login {
  readonly auth?: string;
  readonly username?: string;
  readonly password?: string;
  readonly identitytoken?: string;
}

const dockerHub = 'https://index.docker.io/v1/';

/** The engine's X-Registry-Auth; undefined where nobody is logged in. */
export function credentialsFor(image: string, sandbox: string): string | undefined {
  const [first = ''] = image.split('/', 1);
  const named = image.includes('/') && (/[.:]/.test(first) || first === 'localhost');
  const registry = named ? first : dockerHub;
  const own = process.env.DOCKER_CONFIG || path.join(os.homedir(), '.docker');
  for (const file of [
    path.join(sandbox, '.docker/config.json'),
    path.join(sandbox, '.dockercfg'),
    path.join(own, 'config.json'),
  ]) {
    const logins = read(file);
    const login = logins[registry] ?? logins[`https://${registry}`] ?? logins[`https://${registry}/v1/`];
    if (login === undefined) continue;
    const [username, ...password] = Buffer.from(login.auth ?? '', 'base64')
      .toString('utf8')
      .split(':');
    const who = login.identitytoken
      ? { identitytoken: login.identitytoken }
      : { username: login.username ?? username, password: login.password ?? password.join(':') };
    return Buffer.from(JSON.stringify({ ...who, serveraddress: registry })).toString('base64url');
  }
  return undefined;
}

function read(file: string): Readonly<Record<string, Login | undefined>> {
  try {
    const content = JSON.parse(readFileSync(file, 'utf8'));
    return content.auths ?? content;
  } catch {
    return {};
  }
}
