import { ApolloDriver } from '@nestjs/apollo';
import type { ApolloDriverConfig } from '@nestjs/apollo';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { GraphQLModule, Resolver, Subscription } from '@nestjs/graphql';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { RedisPubSub } from 'graphql-redis-subscriptions';
import { Redis } from 'ioredis';

/**
 * What a team would write today, by the manuals: NestJS with subscriptions over graphql-ws, events through graphql-redis-subscriptions,
 * and a filter function. It verifies nobody.
 */
const [, , port, redisUrl] = process.argv;
const pubSub = new RedisPubSub({ publisher: new Redis(redisUrl!) as never, subscriber: new Redis(redisUrl!) as never });

interface TaskEvent {
  readonly onCreateTask: { readonly boardId: string };
}

@Resolver()
class TaskResolver {
  @Subscription('onCreateTask', {
    filter: ({ onCreateTask }: TaskEvent, { boardId }: { boardId?: string }) =>
      boardId === undefined || onCreateTask.boardId === boardId,
  })
  onCreateTask(): AsyncIterator<TaskEvent> {
    return pubSub.asyncIterator<TaskEvent>('onCreateTask');
  }
}

const typeDefs = `
  type Query { nothing: String }
  type Subscription { onCreateTask(boardId: ID): Task }
  type Task { sentAt: Float id: ID boardId: ID title: String status: String owner: String description: String }
`;

@Module({
  imports: [
    GraphQLModule.forRoot<ApolloDriverConfig>({
      driver: ApolloDriver,
      typeDefs,
      playground: false,
      subscriptions: { 'graphql-ws': true },
    }),
  ],
  providers: [TaskResolver],
})
class StockModule {}

const app = await NestFactory.create<NestFastifyApplication>(StockModule, new FastifyAdapter(), { logger: false });
await app.listen(Number(port), '127.0.0.1');
process.stdout.write('is listening\n');
