import type { Environment } from "../../../config/environment.ts";
import { type Place, placesOf, Reachability } from "../../../proofs/reachability.ts";
import { allReferenced, referenced, Stack } from "../../../proofs/stack.ts";

/** Ports that somebody might have left open. */
const ports = [
  20, 21, 22, 23, 25, 53, 80, 110, 443, 1433, 3000, 3306, 3389, 5000, 5432, 8000, 8080, 8443, 9229,
];

/** Something that must be so, and whether it is. */
export interface Sentence {
  readonly text: string;
  readonly holds: boolean;
}

/** What must be true of an environment's network, computed from its JSON alone. */
export function sentencesAbout(
  json: ConstructorParameters<typeof Stack>[0],
  environment: Environment,
): Sentence[] {
  const stack = new Stack(json);
  const network = new Reachability(stack);
  const places = placesOf(stack);
  const named = (name: string): Place => {
    const found = places.filter((place) => place.name === name);
    if (found.length !== 1) throw new Error(`there must be one ${name}, got ${found.length}`);
    return found[0] as Place;
  };
  const [balancer, service, database] = [named("load balancer"), named("service"), named("database")];
  const bastion = places.find(({ name }) => name === "bastion");
  const open = environment.edge.https ? [80, 443] : [80];
  const { port } = environment.app;
  const others = (...except: (Place | undefined)[]) => places.filter((place) => !except.includes(place));
  const dataSubnets = database.subnets.filter((subnet) => !service.subnets.includes(subnet));
  const secretEndpoint = places.find(({ name }) => name === "endpoint secretsmanager");
  return [
    {
      text: `the internet reaches the load balancer on ${open.join(" and ")}, in every zone`,
      holds: open.every((each) => network.internetReaches(balancer, each, "always")),
    },
    {
      text: "the internet reaches nothing of the load balancer but that",
      holds: !ports.some((each) => !open.includes(each) && network.internetReaches(balancer, each)),
    },
    {
      text: "the internet reaches the service on no port",
      holds: !ports.some((each) => network.internetReaches(service, each)),
    },
    {
      text: "the internet reaches the database on no port",
      holds: !ports.some((each) => network.internetReaches(database, each)) && !database.isPublic,
    },
    {
      text: "the internet reaches nothing else",
      holds: !others(balancer).some((place) => ports.some((each) => network.internetReaches(place, each))),
    },
    {
      text: `the load balancer reaches the service on ${port}, from every zone to every zone`,
      holds: network.reaches(balancer, service, port, "always"),
    },
    {
      text: "the load balancer reaches the service on no other port",
      holds: !ports.some((each) => each !== port && network.reaches(balancer, service, each)),
    },
    {
      text: "nobody but the load balancer reaches the service",
      holds: !others(balancer).some((place) => ports.some((each) => network.reaches(place, service, each))),
    },
    {
      text: "the service reaches the database on 3306, from every zone to every zone",
      holds: network.reaches(service, database, 3306, "always"),
    },
    {
      text: "the service reaches the database on no other port",
      holds: !ports.some((each) => each !== 3306 && network.reaches(service, database, each)),
    },
    {
      text: "nobody reaches the database but the service, and a bastion if there is one",
      holds: !others(service, bastion).some((place) =>
        ports.some((each) => network.reaches(place, database, each)),
      ),
    },
    {
      text: "the load balancer does not reach the database",
      holds: !ports.some((each) => network.reaches(balancer, database, each)),
    },
    {
      text: "the database opens no connection to anybody",
      holds: !others(database).some((place) => ports.some((each) => network.reaches(database, place, each))),
    },
    {
      text: "the database reaches the internet on no port",
      holds: !ports.some((each) => network.reachesInternet(database, each)),
    },
    {
      text: "subnets of the database's own have no way out",
      holds: !dataSubnets.some((subnet) => network.hasWayOut(subnet)),
    },
    {
      text: "the service reaches Secrets Manager, from every zone",
      holds: secretEndpoint
        ? network.reaches(service, secretEndpoint, 443, "always")
        : network.reachesInternet(service, 443, "always"),
    },
    {
      text: "the service reaches the internet on 443 alone, or not at all",
      holds: !ports.some((each) => each !== 443 && network.reachesInternet(service, each)),
    },
    {
      text: "every subnet is routed by a table of this stack",
      holds: stack
        .all("aws_subnet")
        .every(([address]) =>
          stack.all("aws_route_table_association").some(([, it]) => referenced(it.subnet_id) === address),
        ),
    },
    {
      text: "with network ACLs every subnet has one",
      holds:
        environment.network.existingVpc !== undefined ||
        environment.network.networkAcls !== true ||
        stack
          .all("aws_subnet")
          .every(([address]) =>
            stack.all("aws_network_acl").some(([, it]) => allReferenced(it.subnet_ids).includes(address)),
          ),
    },
  ];
}
