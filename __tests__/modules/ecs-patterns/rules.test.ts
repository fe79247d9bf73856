// A configuration is checked without loading cdktf, which takes seconds.
test.each([
  '@strata/elb/rules',
  '@strata/iam/rules',
  '@strata/ecs/rules',
  '@strata/ecs-patterns/rules',
  '@strata/ecs-workers/rules',
  '@strata/worker-runtime/rules',
  '@strata/stack-jobs/config',
  '@strata/stack-compute/config',
])('%s loads no construct', (door) => {
  jest.isolateModules(() => {
    for (const core of ['cdktf', 'constructs'])
      jest.doMock(core, () => {
        throw new Error(`${core} is loaded`);
      });
    expect(Object.keys(require(door) as object).length).toBeGreaterThan(0);
  });
});
