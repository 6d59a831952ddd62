import { Buffer } from 'node:buffer';
import { writeFileSync } from 'node:fs';

/** The function of the tests: does what its event says. */
export async function handler(event, context) {
  switch (event?.do) {
    case 'fail':
      throw Object.assign(new Error(event.message), { name: event.name });
    case 'fail with text':
      throw event.message;
    case 'answer nothing':
      return undefined;
    case 'answer much':
      return 'a'.repeat(event.length);
    case 'answer what is no JSON':
      return 1n;
    case 'wait':
      return new Promise((resolve) => setTimeout(() => resolve('waited'), event.ms));
    case 'hang':
      return new Promise(() => {});
    case 'loop':
      for (;;);
    case 'exit':
      return process.exit(event.code);
    case 'abort':
      return process.abort();
    case 'fill the heap': {
      const filled = [];
      for (;;) filled.push(new Array(100_000).fill(1));
    }
    case 'allocate at once':
      return new Array(1e9).fill(1).length;
    case 'fill buffers': {
      const filled = [];
      for (;;) {
        filled.push(Buffer.alloc(16_000_000, 1));
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    }
    case 'reject later':
      setTimeout(() => Promise.reject(new Error('later')), 1);
      return new Promise(() => {});
    case 'print':
      console.log(event.text);
      console.error(event.error);
      return null;
    case 'print for ever':
      for (;;) console.log('x'.repeat(1000));
    case 'write':
      return writeFileSync(event.file, event.text);
    case 'tell':
      return {
        pid: process.pid,
        environment: { ...process.env },
        context: { ...context, left: context.getRemainingTimeInMillis() },
      };
    default:
      return event;
  }
}
