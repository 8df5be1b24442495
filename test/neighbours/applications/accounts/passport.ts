import { Controller, Get, Injectable, Module, Req, UseGuards } from '@nestjs/common';
import { AuthGuard, PassportModule, PassportStrategy } from '@nestjs/passport';
import { CorsModule } from 'nestjs-cors';
import { Strategy } from 'passport-http-bearer';
import { startApp } from '../../../support/start-app.js';
import type { Neighbour } from '../../neighbour.js';
import { PAGE } from '../../question.js';

@Injectable()
class BearerStrategy extends PassportStrategy(Strategy) {
  validate(token: string) {
    return token === 'valid' ? { name: 'ada' } : null;
  }
}

export default {
  name: 'passport',
  packages: ['@nestjs/passport', 'passport'],
  async start(platform, spy) {
    @Controller('me')
    class MeController {
      @Get()
      @UseGuards(AuthGuard('bearer'))
      me(@Req() request: { user: { name: string } }) {
        return `${spy.ran('me')} ${request.user.name}`;
      }
    }

    @Module({
      imports: [CorsModule.forRoot({ origin: PAGE, allowedHeaders: ['Authorization'] }), PassportModule],
      controllers: [MeController],
      providers: [BearerStrategy],
    })
    class AppModule {}

    const { request, close } = await startApp(platform, AppModule);
    const me = (token: string) => ({
      path: '/me',
      asks: 'authorization',
      headers: { Authorization: `Bearer ${token}` },
    });
    return {
      send: request,
      close,
      questions: { '': { ...me('valid'), ran: ['me'], work: ({ text }) => text === 'me ada' } },
      errors: { '': { ...me('stolen'), status: 401, work: ({ text }) => text.includes('Unauthorized') } },
    };
  },
} satisfies Neighbour;
