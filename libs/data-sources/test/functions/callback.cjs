const { setImmediate } = require('node:timers');

/** A handler of the older runtimes. */
exports.handler = (event, context, callback) => {
  if (event.fail) callback(new Error(event.fail));
  else setImmediate(() => callback(null, { boardId: event.boardId }));
};
