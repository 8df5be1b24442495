import v8 from 'node:v8';
import vm from 'node:vm';
import { expect, it } from '@jest/globals';
import { Controller, Get, Injectable, Module } from '@nestjs/common';
import { CorsModule } from 'nestjs-cors';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, serve } from '../../support/platforms.js';
import { preflight } from '../../support/policy-statement.js';
import { RawConnection } from '../../support/requests/raw-request.js';

const MEBIBYTE = 1_048_576;
const PIPELINED = 100;
/** Names near the maximum length, so that cached answers are measurable. */
const LONG = Array.from({ length: 4 }, () => 'flood'.repeat(11)).join('.');

let callCount = 0;

@Injectable()
class Origins {
  async resolve(): Promise<boolean> {
    callCount += 1;
    return false;
  }
}

@Controller('r')
class ResourceController {
  @Get() list() {
    return 'list';
  }
}

@Module({
  imports: [CorsModule.forRoot({ origin: Origins, resolver: { maxEntries: 500, staleIfError: 60_000 } })],
  controllers: [ResourceController],
  providers: [Origins],
})
class ApplicationModule {}

/** Collects garbage, then measures. */
function heapUsed(): number {
  v8.setFlagsFromString('--expose-gc');
  (vm.runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

describePlatforms('a flood of invented origins over HTTP', (platform) => {
  const server = serve(platform, ApplicationModule, new HandlerSpy());

  async function flood(from: number, to: number): Promise<void> {
    const connection = await RawConnection.open(server.running);
    const statuses = new Set<string>();
    for (let first = from; first < to; first += PIPELINED) {
      for (let number = first; number < first + PIPELINED; number += 1) {
        const origin = `https://${number}.${LONG}.example`;
        connection.send(
          number % 2 === 0 ? preflight(origin, 'GET', '/r') : { path: '/r', headers: { Origin: origin } },
        );
      }
      for (let number = first; number < first + PIPELINED; number += 1) {
        statuses.add(`${number % 2} ${(await connection.receive()).status}`);
      }
    }
    expect([...statuses]).toEqual(['0 403', '1 200']);
    connection.close();
  }

  it('keeps memory flat', async () => {
    callCount = 0;
    await flood(0, 1_000);
    const growths: number[] = [];
    // The memory of the engine settles after a while. A leak of answers would not.
    for (let block = 0; block < 3 && !growths.some((growth) => growth < 1); block += 1) {
      const before = heapUsed();
      await flood(1_000 + 3_000 * block, 4_000 + 3_000 * block);
      growths.push((heapUsed() - before) / MEBIBYTE);
    }
    expect(callCount).toBe(1_000 + 3_000 * growths.length);
    // 3,000 leaked answers would take more.
    expect(Math.min(...growths)).toBeLessThan(1);
  }, 300_000);
});
