// Which names speak of secrets.

/** Generously: such a value is better not shown or stored. */
export const mayBeSecret = (name: string): boolean => /passw|secret|token|credential|private_?key|api_?key/i.test(name);

/** Narrowly: the value of such a name is surely a secret. Not `token_type`, not `password_file`. */
export const isSecretName = (name: string): boolean =>
  /(^|[_\-.a-z])(passw(or)?d|passwd|passphrase|pass|secret|token|api_?key|private_?key|access_?key|secret_?key)$/i.test(
    name,
  ) && !/(bypass|compass)$/i.test(name);
