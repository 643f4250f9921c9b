import { createKey, deleteKey, runLifecycle, wait } from './account-steps.ts';
import { createBucket, deleteBucket, enableLock, setDefault, setRetention, setRules } from './bucket-steps.ts';
import { copy, hide, upload } from './file-steps.ts';
import { cancel, finish, part, start } from './large-file-steps.ts';
import type { ModelBucket } from './model.ts';
import { pick, type Scene } from './scene.ts';
import type { BucketStep, Step } from './step.ts';
import { deleteVersion, hold, retain } from './version-steps.ts';

/** Runs one step on the server and the model, and checks that both come to the same verdict. */
export async function runStep(scene: Scene, step: Step): Promise<void> {
  switch (step.do) {
    case 'create bucket':
      return createBucket(scene, step);
    case 'create key':
      return createKey(scene, step);
    case 'delete key':
      return deleteKey(scene, step);
    case 'wait':
      return wait(scene, step);
    case 'run lifecycle':
      return runLifecycle(scene);
    default: {
      const bucket = pick(scene.model.buckets, step.bucket);
      return bucket && inBucket(scene, bucket, step);
    }
  }
}

async function inBucket(scene: Scene, bucket: ModelBucket, step: BucketStep): Promise<void> {
  switch (step.do) {
    case 'set default':
      return setDefault(scene, bucket, step);
    case 'delete bucket':
      return deleteBucket(scene, bucket);
    case 'enable lock':
      return enableLock(scene, bucket, step);
    case 'set retention':
      return setRetention(scene, bucket, step);
    case 'set rules':
      return setRules(scene, bucket, step);
    case 'upload':
      return upload(scene, bucket, step);
    case 'hide':
      return hide(scene, bucket, step);
    case 'copy':
      return copy(scene, bucket, step);
    case 'delete version':
      return deleteVersion(scene, bucket, step);
    case 'retain':
      return retain(scene, bucket, step);
    case 'hold':
      return hold(scene, bucket, step);
    case 'start':
      return start(scene, bucket, step);
    case 'part':
      return part(scene, bucket, step);
    case 'finish':
      return finish(scene, bucket, step);
    case 'cancel':
      return cancel(scene, bucket, step);
  }
}
