export const handler = async (event: { readonly boardId: string }): Promise<string> => event.boardId;
