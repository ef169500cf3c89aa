import { describe, expect, it } from 'vitest';
import { completeAddress } from '../../src/contract/complete-address.ts';

describe('an address that a user typed', () => {
  it('stays as it is where it names a scheme', () => {
    const named = ['http://a.test/x', 'HTTPS://A.test', 'ftp://a.test', 'data:text/plain,x', 'mailto:a@b.c'];
    for (const address of named) expect(completeAddress(address)).toBe(address);
  });

  it.each([
    'localhost:8080/events',
    'localhost',
    'localhost.',
    'LOCALHOST:1',
    '127.0.0.1:3000',
    '127.8.8.8',
    '0.0.0.0:8000',
    '[::1]:80/x',
    '[0:0:0:0:0:0:0:1]',
    '[::ffff:127.0.0.1]:1',
    '[fd12:3456::1]/x',
    '[fe80::1]',
    '192.168.1.5/a',
    '10.0.0.2',
    '172.16.3.4:1',
    '169.254.169.254/x',
    '100.64.0.1',
    'api.localhost/x',
    'printer.local',
    'host.docker.internal:9',
    'backend:8080/v1',
    'me@localhost/x',
    'example.com:80/x',
  ])('gets http where it is this machine, private or on port 80: %s', (address) => {
    expect(completeAddress(address)).toBe(`http://${address}`);
  });

  it.each([
    'api.openai.com/v1',
    'example.com',
    'example.test:8443/x',
    'example.com/a:b',
    'example.com?to=localhost',
    'example.com#@localhost',
    'example.com/@localhost',
    '172.32.0.1',
    '127.example.com',
    '8.8.8.8',
    '100.128.0.1',
    'localhost.example.com',
    '[2606:4700::1111]',
    '[::ffff:8.8.8.8]',
    'localhost:443/x',
  ])('gets https anywhere else: %s', (address) => {
    expect(completeAddress(address)).toBe(`https://${address}`);
  });

  it('loses white space around it and slashes before it', () => {
    expect(completeAddress('  https://a.test \n')).toBe('https://a.test');
    expect(completeAddress('//cdn.test/x')).toBe('https://cdn.test/x');
    expect(completeAddress('//localhost/x')).toBe('http://localhost/x');
    expect(completeAddress('   ')).toBe('');
  });
});
