// The operations on load-tests/api.

const fields = 'boardId sequence sentAt previousSentAt remaining unsure deferred title';

export const documents = {
  publish: `mutation ($task: NewTask!) { createTask(task: $task) { ${fields} } }`,
  subscribe: `subscription ($boardIds: [ID!]!) { onTaskCreated(boardIds: $boardIds) { ${fields} } }`,
};
