import { ApolloDriver } from '@nestjs/apollo';
import type { ApolloDriverConfig } from '@nestjs/apollo';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Args, GraphQLModule, Mutation, Resolver } from '@nestjs/graphql';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** What a team would write today: NestJS, Apollo Server and one resolver that answers its argument. The same schema as bench/api. */
@Resolver()
class PublishResolver {
  @Mutation('publish')
  publish(@Args('sentAt') sentAt: number): { sentAt: number } {
    return { sentAt };
  }
}

const typeDefs =
  'type Query { nothing: String } type Mutation { publish(sentAt: Float!): Ping } type Ping { sentAt: Float! }';

@Module({
  imports: [GraphQLModule.forRoot<ApolloDriverConfig>({ driver: ApolloDriver, typeDefs, playground: false })],
  providers: [PublishResolver],
})
class StockModule {}

const app = await NestFactory.create<NestFastifyApplication>(StockModule, new FastifyAdapter(), { logger: false });
await app.listen(Number(process.argv[2]), '127.0.0.1');
process.stdout.write('is listening\n');
