/** Runs one case of a test that has several; the message of whatever it fails with begins with the name of the case. */
export async function inCase(name: string, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (error instanceof Error) error.message = `${name}: ${error.message}`;
    throw error;
  }
}
