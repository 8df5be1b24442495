/** Answers the commands of the parent process, one after the other. */
export function serveCommands(commands: Readonly<Record<string, (message: never) => unknown>>): void {
  process.on('message', async (message: { readonly command: string }) => {
    try {
      const command = commands[message.command];
      if (command === undefined) {
        throw new Error(`There is no command "${message.command}".`);
      }
      process.send?.({ result: await command(message as never) });
    } catch (error) {
      process.send?.({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  });
}
