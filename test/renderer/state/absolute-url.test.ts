import { describe, expect, it } from 'vitest';
import { absoluteUrl } from '../../../src/renderer/state/absolute-url.ts';

describe('an address as typed', () => {
  it('stays as it is where it names a scheme', () => {
    for (const url of ['http://a.test/x', 'HTTPS://A.test', 'ftp://a.test', 'data:text/plain,x']) {
      expect(absoluteUrl(url)).toBe(url);
    }
  });

  it('gets http in front where it is on this machine or a private network', () => {
    const nearby = [
      'localhost:8080/events',
      'localhost',
      '127.0.0.1:3000',
      '[::1]:80/x',
      '192.168.1.5/a',
      '10.0.0.2',
      '172.16.3.4:1',
      'api.localhost/x',
      'printer.local',
    ];
    for (const url of nearby) expect(absoluteUrl(url)).toBe(`http://${url}`);
  });

  it('gets https in front anywhere else', () => {
    for (const url of [
      'api.openai.com/v1',
      'example.test:8443/x',
      '172.32.0.1',
      '127.example.com',
      '8.8.8.8',
    ]) {
      expect(absoluteUrl(url)).toBe(`https://${url}`);
    }
    expect(absoluteUrl('//cdn.test/x')).toBe('https://cdn.test/x');
  });

  it('loses white space around it', () => {
    expect(absoluteUrl('  https://a.test \n')).toBe('https://a.test');
    expect(absoluteUrl('   ')).toBe('');
  });
});
