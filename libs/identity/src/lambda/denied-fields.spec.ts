import { describe, expect, it } from 'vitest';
import { readDeniedFields } from './denied-fields.js';

const arn = (path: string) => `arn:aws:appsync:eu-central-1:123456789012:apis/${path}`;

describe('an entry of deniedFields', () => {
  it.each([
    'Task.title',
    arn('boards/types/Task/fields/title'),
    'arn:aws-cn:appsync:cn-north-1:210987654321:apis/boards/types/Task/fields/title',
    'arn:aws:appsync:::apis/boards/types/Task/fields/title',
  ])('should exclude the field, and no other: %s', (entry) => {
    const { allowsField, unreadable } = readDeniedFields([entry], 'boards');
    expect(unreadable).toEqual([]);
    expect(allowsField?.('Task', 'title')).toBe(false);
    expect(allowsField?.('Task', 'id')).toBe(true);
    expect(allowsField?.('Board', 'title')).toBe(true);
    expect(allowsField?.('task', 'title')).toBe(true);
  });

  it('should exclude nothing when it is the ARN of another API', () => {
    const { allowsField, unreadable } = readDeniedFields([arn('chat/types/Task/fields/title')], 'boards');
    expect(allowsField).toBeNull();
    expect(unreadable).toEqual([]);
  });

  it.each([
    '',
    '*',
    'Task',
    'Task.*',
    '*.title',
    'Task.title.length',
    ' Task.title',
    'Task.title\n',
    'Task/title',
    '4.2',
    arn('boards/types/Task'),
    arn('boards/types/Task/*'),
    arn('boards/types/Task/fields/*'),
    arn('boards/types/Task/fields/title/'),
    'arn:aws:iam::123456789012:apis/boards/types/Task/fields/title',
  ])('should exclude every field when it names none: "%s"', (entry) => {
    const { allowsField, unreadable } = readDeniedFields(['Task.id', entry], 'boards');
    expect(unreadable).toEqual([entry]);
    expect(allowsField?.('Task', 'title')).toBe(false);
    expect(allowsField?.('Query', 'getBoard')).toBe(false);
  });
});

describe('a field of an interface', () => {
  const implementationsOf = (name: string) => (name === 'Node' ? ['Task', 'Board'] : []);

  it.each(['Node.id', arn('boards/types/Node/fields/id')])(
    'should be excluded on every type that has it: %s',
    (entry) => {
      const { allowsField, unreadable } = readDeniedFields([entry], 'boards', implementationsOf);
      expect(unreadable).toEqual([]);
      expect(allowsField?.('Task', 'id')).toBe(false);
      expect(allowsField?.('Board', 'id')).toBe(false);
      expect(allowsField?.('Task', 'title')).toBe(true);
      expect(allowsField?.('User', 'id')).toBe(true);
    },
  );
});

describe('names that every object has', () => {
  it('should not be excluded by themselves', () => {
    const { allowsField } = readDeniedFields(['Task.title'], 'boards');
    expect(allowsField?.('Task', 'constructor')).toBe(true);
    expect(allowsField?.('constructor', 'name')).toBe(true);
  });
});
