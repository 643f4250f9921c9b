import { inject, it } from 'vitest';
import { administer, urlOf } from './databases.ts';

it('the example of the README runs over a database', async () => {
  process.env['COFFER_POSTGRES_URL'] = urlOf(inject('postgresPort'));
  try {
    await import('../../../../packages/store-postgres/examples/quickstart.ts');
  } finally {
    delete process.env['COFFER_POSTGRES_URL'];
    await administer(inject('postgresPort'), 'DROP SCHEMA quickstart CASCADE');
  }
});
