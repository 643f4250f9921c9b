// Adds keys to a keyring: `node add-keys.mjs PATH HOW_MANY`. Prints each id once `addKey` gave it away. The root key is
// in ROOT_KEY.
import { SecretString } from '@coffer/bytes';
import { openKeyring } from '@coffer/keyring';

const [, , path, count] = process.argv;
const keyring = await openKeyring(path, { kind: 'value', value: SecretString.of(process.env.ROOT_KEY) });
process.stdout.write('ready\n');
await new Promise((resolve) => process.stdin.once('data', resolve));
for (let i = 0; i < Number(count); i++) process.stdout.write(`${await keyring.addKey()}\n`);
keyring.close();
process.exit();
