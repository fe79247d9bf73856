import { existsSync } from 'node:fs';
import { delimiter, dirname } from 'node:path';

/**
 * The environment of a job's process: this machine's, without what SageMaker's toolkit or an AWS account would have set
 * in it, and with the Python of the jobs as `python` and `python3`.
 */
export function jobEnvironment(python: string, own: Readonly<Record<string, string>>): Record<string, string> {
  const inherited = Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !/^(SM_|AWS_|SAGEMAKER_|TRAINING_JOB_|PYTHONHOME$|VIRTUAL_ENV$)/.test(entry[0]),
  );
  const { PATH = '', ...rest } = Object.fromEntries(inherited);
  return {
    ...rest,
    PATH: existsSync(python) ? `${dirname(python)}${delimiter}${PATH}` : PATH,
    PYTHONUNBUFFERED: '1',
    PYTHONDONTWRITEBYTECODE: '1',
    ...own,
  };
}

/** `/opt/ml/…` inside of arguments and variables, as the folder that stands for it here. */
export function relocate(text: string, ml: string): string {
  return text.replace(/(^|[^\w./-])\/opt\/ml(?=$|[/\s"',:;])/g, (_whole, before: string) => `${before}${ml}`);
}
