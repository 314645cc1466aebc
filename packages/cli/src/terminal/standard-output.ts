/** Writes to standard output and waits until it is taken; a reader that has gone, as `| head` does, ends the program quietly. */
export function writeOut(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => {
      if (error === null || error === undefined) resolve();
      else if ((error as NodeJS.ErrnoException).code === "EPIPE") process.exit(0);
      else reject(error);
    });
  });
}
