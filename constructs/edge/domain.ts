import { AcmCertificate } from "@cdktf/provider-aws/lib/acm-certificate/index.js";
import { AcmCertificateValidation } from "@cdktf/provider-aws/lib/acm-certificate-validation/index.js";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record/index.js";
import { Construct } from "constructs";
import type { HttpsSettings } from "../../config/settings/edge.ts";
import { physicalName } from "../naming.ts";

export interface DomainProps extends Pick<HttpsSettings, "domainName" | "hostedZoneId"> {}

/** Something that Route 53 can point a name to. */
export interface AliasTarget {
  readonly dnsName: string;
  readonly zoneId: string;
}

/** A name and a certificate for it, proved by a record in its zone and renewed by AWS. Free but for the zone. */
export class Domain extends Construct {
  /** ARN of the certificate, once it is issued. */
  readonly certificateArn: string;
  private readonly props: DomainProps;

  constructor(scope: Construct, id: string, props: DomainProps) {
    super(scope, id);
    this.props = props;
    this.certificateArn = this.createCertificate(props);
  }

  /** Points the name to `target`, over IPv4. */
  pointTo({ dnsName, zoneId }: AliasTarget): void {
    const { domainName, hostedZoneId } = this.props;
    new Route53Record(this, "alias", {
      zoneId: hostedZoneId,
      name: domainName,
      type: "A",
      alias: { name: dnsName, zoneId, evaluateTargetHealth: true },
    });
  }

  private createCertificate({ domainName, hostedZoneId }: DomainProps): string {
    const certificate = new AcmCertificate(this, "certificate", {
      domainName,
      validationMethod: "DNS",
      tags: { Name: physicalName(this, "tag") },
      // A listener uses the old one until the new one is issued.
      lifecycle: { createBeforeDestroy: true },
    });
    const proof = certificate.domainValidationOptions.get(0);
    const record = new Route53Record(this, "proof", {
      zoneId: hostedZoneId,
      name: proof.resourceRecordName,
      type: proof.resourceRecordType,
      records: [proof.resourceRecordValue],
      ttl: 300,
      // A certificate for the same name has the same proof.
      allowOverwrite: true,
    });
    const issued = new AcmCertificateValidation(this, "issued", {
      certificateArn: certificate.arn,
      validationRecordFqdns: [record.fqdn],
    });
    return issued.certificateArn;
  }
}
