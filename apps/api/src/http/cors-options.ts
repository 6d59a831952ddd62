import type { AllowedOrigins } from '#libs/config';

/** What a browser's Amplify client sends and must be able to read. Pages of other origins get no headers of CORS, so browsers keep the answer from them. */
export function corsOptions(origins: AllowedOrigins) {
  return {
    origin: origins.isAny
      ? '*'
      : (origin: string | undefined, answer: (error: null, isAllowed: boolean) => void): void =>
          answer(null, origin !== undefined && origins.has(origin)),
    methods: ['GET', 'POST', 'OPTIONS'],
    exposedHeaders: ['x-amzn-requestid', 'x-amzn-errortype'],
    maxAge: 86_400,
  };
}
