import { AcmCertificate } from '@cdktf/provider-aws/lib/acm-certificate';
import { AcmCertificateValidation } from '@cdktf/provider-aws/lib/acm-certificate-validation';
import { Route53Record } from '@cdktf/provider-aws/lib/route53-record';
import { isResolved, Problems } from '@strata/core';
import { Lazy } from 'cdktf';
import { Construct } from 'constructs';

const DOMAIN = /^(\*\.)?([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9-]{2,63}$/;

export interface DnsValidatedCertificateProps {
  /** Domain the certificate is for, such as `app.example.com` or `*.example.com`. */
  readonly domainName: string;
  /** Id of the public Route 53 zone that holds the domain and every alternative name. */
  readonly hostedZoneId: string;
  /** Further domains on the same certificate. @default none */
  readonly subjectAlternativeNames?: readonly string[];
  /** @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * A certificate of AWS Certificate Manager, validated by records in Route 53. It is renewed for as long as the records
 * exist.
 */
export class DnsValidatedCertificate extends Construct {
  readonly resource: AcmCertificate;
  readonly records: Route53Record[] = [];
  readonly validation: AcmCertificateValidation;

  /**
   * @throws ValidationError when a domain is invalid, or is known only to Terraform: the number of records must be
   * known at synth.
   */
  constructor(scope: Construct, id: string, props: DnsValidatedCertificateProps) {
    super(scope, id);
    const domains = [props.domainName, ...(props.subjectAlternativeNames ?? [])];
    const problems = new Problems(this);
    domains.forEach((domain, index) => {
      const key = index === 0 ? 'domainName' : 'subjectAlternativeNames';
      if (!isResolved(domain))
        problems.add(
          `${key}: a domain known only to Terraform cannot be validated; use a literal string, or create the ` +
            `certificate elsewhere and set certificateArn`,
        );
      else
        problems.check(
          DOMAIN.test(domain),
          `${key}: "${domain}" is not a domain; use one such as app.example.com or *.example.com`,
        );
    });
    problems.throwIfAny();

    this.resource = new AcmCertificate(this, 'resource', {
      domainName: props.domainName,
      subjectAlternativeNames: props.subjectAlternativeNames && [...props.subjectAlternativeNames],
      validationMethod: 'DNS',
      tags: { ...props.tags, Name: props.domainName },
      // A listener uses the old certificate until it has the new one.
      lifecycle: { createBeforeDestroy: true },
    });

    // `*.example.com` and `example.com` share one validation record.
    const proven = new Map<string, string>();
    for (const domain of domains) {
      const base = domain.replace(/^\*\./, '').toLowerCase();
      if (!proven.has(base)) proven.set(base, domain);
    }
    for (const [base, domain] of proven) {
      this.records.push(
        new Route53Record(this, `validation-${base}`, {
          zoneId: props.hostedZoneId,
          name: this.validationOption(domain, 'resource_record_name'),
          type: this.validationOption(domain, 'resource_record_type'),
          records: [this.validationOption(domain, 'resource_record_value')],
          ttl: 60,
          // Another certificate for the same domain in the same account needs the same record.
          allowOverwrite: true,
        }),
      );
    }
    this.validation = new AcmCertificateValidation(this, 'validation', {
      certificateArn: this.resource.arn,
      validationRecordFqdns: this.records.map((record) => record.fqdn),
    });
  }

  /** ARN of the certificate once it is issued; its users wait for that. */
  get arn(): string {
    return this.validation.certificateArn;
  }

  /** The options are a set without an order, so each is found by its domain. */
  private validationOption(domain: string, attribute: string): string {
    return Lazy.stringValue({
      produce: () => {
        const options = `aws_acm_certificate.${this.resource.friendlyUniqueId}.domain_validation_options`;
        return `\${one([for option in ${options} : option.${attribute} if option.domain_name == "${domain}"])}`;
      },
    });
  }
}
