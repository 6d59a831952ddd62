// Loaded into a measured server before its own code. It does nothing until it is asked, and ends the server when whoever measures is gone.
process.on('message', (question) => {
  if (question !== 'memory') return;
  // The kind that gives free pages back to the system, as V8 does when memory is short.
  globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  process.send?.({ rssBytes: process.memoryUsage.rss(), heapBytes: process.memoryUsage().heapUsed });
});
process.on('disconnect', () => process.exit());
// Listening for messages must not keep a server alive that has stopped.
process.channel?.unref();
