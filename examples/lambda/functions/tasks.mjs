/** Kept as long as the function's process runs, to be tried out with. A function of yours would ask a database. */
const tasks = [{ id: '1', title: 'Measure the roof', boardId: 'board-1' }];
const comments = new Map([['1', ['Mind the chimney.']]]);

/** Its name becomes the errorType of the field's error. */
class TitleMissing extends Error {
  name = 'TitleMissing';
}

/** AppSync's event: the whole context of the field, and a list of these where the resolver has a maxBatchSize. */
export const handler = async (event) => {
  if (Array.isArray(event)) return event.map((one) => ({ data: resolve(one) }));
  return resolve(event);
};

function resolve({ info, arguments: args, source }) {
  switch (`${info.parentTypeName}.${info.fieldName}`) {
    case 'Query.getTasks':
      return tasks.filter(({ boardId }) => boardId === args.boardId);
    case 'Mutation.createTask':
      return createTask(args);
    case 'Task.comments':
      return comments.get(source.id) ?? [];
    default:
      throw new Error(`No resolver for ${info.parentTypeName}.${info.fieldName}`);
  }
}

function createTask({ boardId, title }) {
  if (title.trim() === '') throw new TitleMissing('A task needs a title.');
  const task = { id: String(tasks.length + 1), title, boardId };
  tasks.push(task);
  console.log(`created task ${task.id}`);
  return task;
}
