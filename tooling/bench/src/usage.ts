import { shapeNames } from './listings/bucket-shapes.ts';

/** What `--help` prints. */
export const usage = `Usage: pnpm bench <client|engine|faces|gc|limits|listings|server|signatures|start> [options]

  --json FILE         also write the report as JSON
  --rounds N          rounds to take the median of (9)

client    one large file up and down by @coffer/client, b2sdk and rclone; Linux only
  --size N            MiB of the file (1024); three times that has to be free on the disk
  --modes LIST        default encryption of the bucket, of none and SSE-B2 (both)
  --rounds N          (5)
  --python FILE       a Python that has b2sdk; by default the one that pnpm interop has made
  --rclone FILE       by default the one that pnpm interop has built
  --directory DIR     where the servers keep their data, and the clients the files

engine    sealing and opening, against bare ciphers
  --mib N             plaintext of one pass in MiB (64)

faces     the S3 Compatible API against the B2 Native API, on the same bytes; Linux only
  --cases LIST        of load, which needs wrk, multipart and stream (all)
  --sizes LIST        KiB per file under load (4,64,1024,65536)
  --modes LIST        of none, SSE-B2 and SSE-C (all)
  --connections LIST  (8)
  --seconds N         of each load, at least 2; twice that for large files (3)
  --rounds N          (5)
  --workers N         of the server (1)
  --tls               over TLS, with a certificate that the server makes itself
  --multipart N       MiB of the file in parts and of the one in a single stream (1024)
  --directory DIR     where the servers keep their data; large files fill some GiB

gc        full collections of the server's memory under steady loads, from V8's --trace-gc; needs wrk
  --sizes LIST        KiB per file (65536)
  --modes LIST        of none, SSE-B2 and SSE-C (none,SSE-B2); each with both engines
  --connections N     (8)
  --seconds N         of each load, at least 2; twice that for large files (10)
  --directory DIR     where the servers keep their data

limits    memory under abuse, and what another client waits meanwhile; Linux only
  --cases LIST        of nothing,uploads,unread,idle,unfinished,byte,parts,folders,prefix,contested,json,lifecycle,
                      stalled and listings, each also with -none, -s3 and -s3-none, and together, both at once (all)
  --settle N          seconds after each case until memory is looked at once more (20)
  --readers N         clients at once of the cases byte and parts (32)
  --size N            MiB of each of the 64 uploads (1024); their sum and 2 GiB have to be free on the disk
  --directory DIR     where the servers keep their data

listings  pages of buckets with many versions, against buckets with a thousand
  --versions N        versions of each large bucket, at least 2,000 (1,000,000)
  --buckets LIST      which buckets (${shapeNames.join(',')})
  --directory DIR     where the stores are made and removed again (a temporary one); 1 GiB a bucket for a million

server    uploads and downloads with and without encryption, against a bare Node server; needs wrk
  --sizes LIST        KiB per file (4,64,65536)
  --connections LIST  (1,8,32)
  --seconds N         of each load, at least 2; twice that for large files (5)
  --workers LIST      also of servers with so many workers, in the same run as those of one process
  --directory DIR     where the servers keep their data

signatures  verifying signed S3 requests and decoding their bodies, against bare digests
  --mib N             data of one pass in MiB (64)

start     from making the server's process to its first answers, against a bare Node server; Linux only
  --workers N         of the server that has several (2)
  --directory DIR     where the servers keep their data
`;
