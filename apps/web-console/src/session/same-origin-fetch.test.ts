import { expect, it } from 'vitest';
import { sameOriginFetch } from './same-origin-fetch.ts';

it('sends requests to the origin of the page, with path and query as they were', async () => {
  const sent: string[] = [];
  const send = sameOriginFetch('http://127.0.0.1:8922', (url) => {
    sent.push(url);
    return Promise.resolve(new Response());
  });
  await send('https://files.example/b2api/v4/b2_list_buckets', {});
  await send('http://127.0.0.1:8920/file/bucket/a%2F..%2Fb%3F?x=%20', {});
  expect(sent).toEqual([
    'http://127.0.0.1:8922/b2api/v4/b2_list_buckets',
    'http://127.0.0.1:8922/file/bucket/a%2F..%2Fb%3F?x=%20',
  ]);
});
