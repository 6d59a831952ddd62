/**
 * The child process that cognito-local runs in. It is one of its own because cognito-local keeps its data under the working
 * directory and reads its port once from the environment. It ends with the parent, even one that was killed.
 */
process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches every process of the terminal; the parent ends us when nobody needs us any more.
process.on('SIGINT', () => undefined);

await import('cognito-local/lib/bin/start.js');
