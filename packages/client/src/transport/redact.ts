/** The text without the secrets; servers repeat tokens in some messages, such as that of `auth_token_limit`. */
export function redact(text: string, secrets: readonly string[]): string {
  return secrets.reduce((rest, secret) => (secret === '' ? rest : rest.replaceAll(secret, '[secret]')), text);
}
