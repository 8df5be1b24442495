import { Controller, Get, Module } from '@nestjs/common';
import { ApiProperty, DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { CorsModule } from 'nestjs-cors';
import { startApp } from '../../../support/start-app.js';
import { CLOSED, OPEN_TO_ALL } from '../../expectations.js';
import type { Neighbour } from '../../neighbour.js';
import { PAGE } from '../../question.js';

export default {
  name: 'Swagger',
  packages: ['@nestjs/swagger'],
  todo: { text: 'choose who reads the document', heading: 'Swagger' },
  async start(platform, spy) {
    class Item {
      @ApiProperty() name = 'lamp';
    }

    @Controller('items')
    class ItemsController {
      @Get() list(): Item {
        spy.ran('list');
        return new Item();
      }
    }

    @Module({
      imports: [
        CorsModule.forRoot({
          origin: PAGE,
          paths: [
            { path: '/docs', policy: false },
            { path: '/docs-json', policy: { origin: '*' } },
          ],
        }),
      ],
      controllers: [ItemsController],
    })
    class AppModule {}

    const { request, close } = await startApp(platform, AppModule, {
      configure: (app) => {
        const config = new DocumentBuilder().setTitle('Shop').build();
        SwaggerModule.setup('docs', app, () => SwaggerModule.createDocument(app, config));
      },
    });
    return {
      send: request,
      close,
      questions: {
        'try it out': { path: '/items', ran: ['list'], work: ({ text }) => text === '{"name":"lamp"}' },
        page: { path: '/docs', instead: CLOSED, work: ({ text }) => text.includes('id="swagger-ui"') },
        'file of the page': {
          path: '/docs/swagger-ui.css',
          instead: CLOSED,
          work: ({ text }) => text.includes('.swagger-ui'),
        },
        document: {
          path: '/docs-json',
          instead: OPEN_TO_ALL,
          work: ({ text }) => JSON.parse(text).paths['/items'].get !== undefined,
        },
        'document in YAML': { path: '/docs-yaml', work: ({ text }) => text.includes('  /items:') },
      },
      errors: {
        'file of the page': {
          path: '/docs/missing.css',
          status: 404,
          instead: CLOSED,
          work: ({ text }) => text.includes('Cannot GET /docs/missing.css'),
        },
      },
    };
  },
} satisfies Neighbour;
