// What Marathon refuses in secrets and in what refers to them. Facts: marathon v1.4.1 state/AppDefinition.scala,
// v1.5.6 api/v2/validation/{SecretValidation,EnvVarValidation}.scala.
import type { MarathonVersion } from '../release.ts';
import type { EnvValue } from './app.ts';
import { type Features, requireFeature } from './features.ts';
import type { Report } from './validate.ts';

export function validateSecrets(
  secrets: Readonly<Record<string, { readonly source: string }>>,
  environment: Readonly<Record<string, EnvValue>>,
  version: MarathonVersion,
  features: Features,
  report: Report,
): void {
  if (Object.keys(secrets).length > 0) requireFeature(features, 'secrets', '/secrets', report);
  for (const [name, { source }] of Object.entries(secrets)) {
    if (source === '') report(version === '1.5.6' ? `/secrets(${name})/source` : '/secrets', 'must not be empty');
  }
  const references = Object.entries(environment).flatMap(([name, value]) =>
    typeof value === 'string' ? [] : [{ name, secret: value.secret }],
  );
  if (references.length > 0) requireFeature(features, 'secrets', '/env', report);
  for (const { name, secret } of references) {
    if (!Object.hasOwn(secrets, secret))
      report(version === '1.5.6' ? `/env(${name})` : '/env', `references an undefined secret named '${secret}'`);
  }
}
