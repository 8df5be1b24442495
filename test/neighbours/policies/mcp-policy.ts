import type { CorsPolicyOptions } from 'nestjs-cors';

export const mcpPolicy = {
  allowedHeaders: ['Authorization', 'Content-Type', 'Last-Event-ID', 'Mcp-Protocol-Version', 'Mcp-Session-Id'],
  exposedHeaders: ['Mcp-Session-Id', 'WWW-Authenticate'],
} satisfies CorsPolicyOptions;
