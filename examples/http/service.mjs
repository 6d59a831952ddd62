// A REST service with tasks in memory, for the example to talk to: node examples/http/service.mjs [port]
import { createServer } from 'node:http';

const tasks = [{ id: '1', title: 'Measure the roof', boardId: 'board-1' }];

const server = createServer(async (request, response) => {
  const url = new URL(request.url, 'http://service');
  const answer = (status, body) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

  const [, collection, id] = url.pathname.split('/').map(decodeURIComponent);
  if (collection !== 'tasks') return answer(404, { message: 'Not found.' });
  if (request.method === 'POST') return create(request, answer);
  if (id === undefined)
    return answer(
      200,
      tasks.filter(({ boardId }) => boardId === url.searchParams.get('boardId')),
    );
  const task = tasks.find((candidate) => candidate.id === id);
  return task ? answer(200, task) : answer(404, { message: 'Not found.' });
});

async function create(request, answer) {
  let text = '';
  for await (const chunk of request) text += chunk;
  const { title, boardId } = JSON.parse(text);
  if (title.trim() === '') return answer(422, { message: 'A task needs a title.' });
  const task = { id: String(tasks.length + 1), title, boardId };
  tasks.push(task);
  return answer(201, task);
}

server.listen(Number(process.argv[2] ?? 20080), '127.0.0.1', () => {
  console.log(`Tasks at http://127.0.0.1:${server.address().port}/tasks`);
});
