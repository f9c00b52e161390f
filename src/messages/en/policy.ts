/** What is wrong in a policy. */
export const policyMessages = {
  "policy-document": "the document",
  "policy-too-large": "it is larger than {limit} bytes",
  "policy-version": "must be {version}",
  "policy-name": "must be 1 to 100 letters, digits, dots, dashes or underscores",
  "policy-scope":
    'must be a whole repository, such as "docker.io/acme/api" or "registry.acme.io/**", or "*" for everything',
  "policy-one-of": "must be one of {values}",
  "policy-span": 'must be a span of time such as "90d"',
  "policy-boolean": "must be true or false",
  "policy-organisations": 'must have either "any", or "all", or "atLeast" with "of"',
  "policy-organisation-name": "must be an organisation's name",
  "policy-number": "must be a number from 1 to {limit}",
  "policy-object": "must be an object",
  "policy-unknown-member": "has {name}, which means nothing here",
  "policy-list": "must be a list of 1 to {limit}",
  "policy-name-twice": "has the name {value} twice",
  "policy-scope-twice": "has the scope {value} twice",
  "policy-organisation-twice": "has the organisation {value} twice",
} as const;
