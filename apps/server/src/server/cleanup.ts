/** Steps that undo what was done, run in reverse order. */
export interface Cleanup {
  add(undo: () => unknown): void;
  /** Runs all steps, even if one fails, and then throws the first failure. Idempotent. */
  run(): Promise<void>;
}

export function createCleanup(): Cleanup {
  const steps: (() => unknown)[] = [];
  return {
    add: (undo) => {
      steps.push(undo);
    },
    run: async () => {
      const failures: unknown[] = [];
      for (let undo = steps.pop(); undo !== undefined; undo = steps.pop()) {
        try {
          await undo();
        } catch (error) {
          failures.push(error);
        }
      }
      if (failures.length > 0) throw failures[0];
    },
  };
}
