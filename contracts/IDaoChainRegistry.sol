// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Registry of signed container image digests
/// @notice Organisations claim, by EIP-712 signatures of their signers, which digests an image has. What was signed at
/// once, a claim or a batch of claims, is a record. Nothing is ever overwritten: claims are added, revoked and
/// superseded, and each act is an event. The state commits to all acts: `organisationLog`.
/// @dev An act that weakens an organisation, or one of the governor's that weighs on others, waits where its organisation has
/// chosen a delay: the first call only announces it (ActScheduled), the same call again, by whoever may ask for it, from then on
/// until 14 days after, executes it. Such acts say "may wait". The governor's own acts are organisation 0's.
interface IDaoChainRegistry {
    // ------------------------------------------------------------------ what is signed

    /// @notice One identity of an image.
    /// @param digest SHA-256
    /// @param kind 0 config, 1 manifest, 2 index, 3 runtime, 4 blob; others are taken too, and readers pass over them
    /// @param platform os/architecture[/variant], up to 64 bytes, empty for an index
    struct Subject {
        bytes32 digest;
        uint8 kind;
        string platform;
    }

    /// @notice What an organisation says about an image. Its EIP-712 digest in this contract's domain is its id.
    /// Lengths are in bytes. That texts are well-formed and canonical is the signers' business.
    /// @param organisation keccak256 of the organisation's name
    /// @param repository canonical, without tag ("docker.io/library/alpine"), 1 to 255
    /// @param tag up to 128; may be empty: then no tag's head moves
    /// @param subjects 1 to 64 of them
    /// @param issuedAt seconds since 1970; at most 60 seconds ahead of the block's time and 30 days behind it
    /// @param expiresAt seconds since 1970, 0 for never
    /// @param annotations SHA-256 of the annotations' canonical JSON (up to 8192), 0 without
    struct ImageClaim {
        bytes32 organisation;
        string repository;
        string tag;
        Subject[] subjects;
        uint64 issuedAt;
        uint64 expiresAt;
        bytes32 annotations;
    }

    /// @param signer a current signer of the claims' organisation
    /// @param signature of the record's id by the signer (ECDSA, or EIP-1271 for a contract); empty if it is the sender
    struct Approval {
        address signer;
        bytes signature;
    }

    // ------------------------------------------------------------------ what is read

    /// @notice A record's state. All zero: no such record. Its claims are good while `threshold` is not 0,
    /// `validApprovals` is not below it, `revokedAt` is 0, and for each claim: it is not revoked itself, none of its digests
    /// is revoked, and its own `expiresAt` is 0 or lies ahead.
    /// @param submittedAt block time of the first approval
    /// @param countedAt block time at which it counted, 0 while it is pending
    /// @param threshold approvals it took when it counted, 0 while it is pending
    /// @param approvals all approvals
    /// @param validApprovals approvals less those that a void took down
    /// @param revokedAt block time at which the record's id was revoked, by whom ever, 0 if it was not
    struct RecordState {
        uint64 submittedAt;
        uint64 countedAt;
        uint8 threshold;
        uint8 approvals;
        uint8 validApprovals;
        uint64 revokedAt;
    }

    /// @notice A tag's newest claim that counted; one slot. All zero: the tag was never claimed.
    /// @param claimPrefix the first 22 bytes of the claim's id
    /// @param issuedAt the claim's
    /// @param blockNumber of the block in which it counted
    struct Head {
        bytes22 claimPrefix;
        uint40 issuedAt;
        uint40 blockNumber;
    }

    /// @notice All that a verifier needs of one organisation. Times are block times, 0 where it did not happen.
    /// @param name the organisation's; empty: no such organisation
    /// @param threshold the organisation's, for records yet to count
    /// @param suspended whether the governor has suspended it
    /// @param owner the organisation that owns the repository, 0 if nobody does
    /// @param head the tag's
    /// @param digestRevocations when each of the digests was revoked
    /// @param records the state of each of the records
    /// @param claimRevocations when each of the claims was revoked: by its id, or in the record beside it
    struct Reading {
        string name;
        uint8 threshold;
        bool suspended;
        bytes32 owner;
        Head head;
        uint64[] digestRevocations;
        RecordState[] records;
        uint64[] claimRevocations;
    }

    /// @notice An organisation. An empty name: no such organisation.
    struct OrganisationView {
        string name;
        string displayName;
        uint8 threshold;
        bool suspended;
        uint16 delayHours;
        address[] admins;
        address[] signers;
        string[] namespaces;
    }

    /// @notice A signer's block times in an organisation; 0 where it did not happen. Nobody signs for one twice.
    /// @param voidSince approvals at or after it do not stand
    /// @param bound whether it approves claims below one repository prefix alone: `signerPrefix`
    struct SignerState {
        uint64 addedAt;
        uint64 retiredAt;
        uint64 voidSince;
        bool bound;
    }

    /// @notice An act that waits for its organisation's delay.
    /// @param actId keccak256 of the call's data
    /// @param readyAt block time from which on it can be executed, until 14 days later
    /// @param by who asked for it
    struct WaitingAct {
        bytes32 actId;
        uint64 readyAt;
        address by;
    }

    // ------------------------------------------------------------------ events

    // Each is an act of the organisation that it names, and goes into that organisation's log, in order; those that name none, and
    // OrganisationAdmitted, go into organisation 0's. ClaimProposed, ClaimCounted and SubjectClaimed go into none: the record's id,
    // which is in the log, is a hash of all that they say.

    event GovernorTransferStarted(address indexed governor, address indexed candidate);
    event GovernorTransferred(address indexed previousGovernor, address indexed governor);
    /// @notice This registry is at its end, and goes on at another. Once, for good.
    event SuccessorNamed(address indexed successor, address indexed by);
    event OrganisationAdmitted(bytes32 indexed organisation, string name, string displayName, address indexed admin);
    event OrganisationSuspended(bytes32 indexed organisation, address indexed by, string reason);
    event OrganisationRestored(bytes32 indexed organisation, address indexed by, string reason);
    event DisplayNameChanged(bytes32 indexed organisation, string displayName, address indexed by);
    event NamespaceAdded(bytes32 indexed organisation, string namespace);
    event NamespaceRemoved(bytes32 indexed organisation, string namespace);
    event AdminAdded(bytes32 indexed organisation, address indexed admin, address indexed by);
    event AdminRemoved(bytes32 indexed organisation, address indexed admin, address indexed by);
    /// @param prefix the repositories that it may approve claims for; empty: all
    event SignerAdded(bytes32 indexed organisation, address indexed signer, address indexed by, string prefix);
    event SignerRetired(bytes32 indexed organisation, address indexed signer, address indexed by);
    event SignerVoided(bytes32 indexed organisation, address indexed signer, uint64 since, address indexed by);
    event ThresholdChanged(bytes32 indexed organisation, uint8 threshold, address indexed by);
    event DelayChanged(bytes32 indexed organisation, uint16 delayHours, address indexed by);
    /// @param call the data of the call that asked, and that executes it from `readyAt` on
    event ActScheduled(
        bytes32 indexed organisation, bytes32 indexed actId, address indexed by, uint64 readyAt, bytes call
    );
    event ActCancelled(bytes32 indexed organisation, bytes32 indexed actId, address indexed by);
    /// @notice The wait is over; the act's own event follows.
    event ActExecuted(bytes32 indexed organisation, bytes32 indexed actId, address indexed by);

    /// @notice A whole claim of a record that waits for more approvals, at its first: one per claim, in their order.
    /// @param recordId the claim's own id, or its batch's
    /// @param tagKey 0 without a tag
    /// @param annotations the JSON itself
    event ClaimProposed(
        bytes32 indexed recordId, bytes32 indexed organisation, bytes32 indexed tagKey, ImageClaim claim, string annotations
    );
    /// @notice A whole claim, when its record counts: one per claim, in their order, before its RecordApproved.
    event ClaimCounted(
        bytes32 indexed recordId, bytes32 indexed organisation, bytes32 indexed tagKey, ImageClaim claim, string annotations
    );
    /// @notice One per subject of a claim whose record counts, so that claims are found by digest.
    event SubjectClaimed(
        bytes32 indexed digest, bytes32 indexed organisation, bytes32 indexed claimId, bytes32 recordId, uint8 kind
    );
    event RecordApproved(bytes32 indexed recordId, bytes32 indexed organisation, address indexed signer);
    /// @notice The record reached its organisation's threshold. The head of each of its claims' tags moved to that claim,
    /// in their order, if the claim was issued later than the head, is not revoked and has not expired.
    event RecordCounted(bytes32 indexed recordId, bytes32 indexed organisation, uint8 threshold);
    /// @notice By an admin: the id of a claim, in every record, or of a record.
    event ClaimRevoked(bytes32 indexed claimId, bytes32 indexed organisation, address indexed by, string reason);
    /// @notice By a signer: its own record, or, where `claimId` is not the record's id, one claim of it.
    event RecordRevoked(
        bytes32 indexed recordId, bytes32 indexed organisation, address indexed by, bytes32 claimId, string reason
    );
    event DigestRevoked(bytes32 indexed digest, bytes32 indexed organisation, address indexed by, string reason);

    // ------------------------------------------------------------------ errors

    error NotGovernor(address sender);
    error NotGovernorCandidate(address sender);
    error NotAdmin(bytes32 organisation, address sender);
    error NotSigner(bytes32 organisation, address signer);
    error NotAllowedToRevoke(bytes32 organisation, address sender);
    error UnknownOrganisation(bytes32 organisation);
    error OrganisationExists(bytes32 organisation);
    error NameInvalid(string name);
    error NamespaceInvalid(string namespace);
    /// @notice `owner` has it, or a prefix of it that is not empty; 0: other organisations have namespaces beneath it.
    error NamespaceTaken(string namespace, bytes32 owner);
    error NamespaceNotOwned(string namespace, bytes32 organisation);
    error AlreadyAdmin(bytes32 organisation, address admin);
    error AlreadySigner(bytes32 organisation, address signer);
    error WasSigner(bytes32 organisation, address signer);
    error LastAdmin(bytes32 organisation);
    error TooMany(string what, uint256 limit);
    error TooLong(string what, uint256 limit);
    error ThresholdInvalid(uint8 threshold, uint256 signers);
    /// @notice The act has been asked for and waits until then.
    error ActWaits(bytes32 actId, uint64 readyAt);
    error UnknownAct(bytes32 organisation, bytes32 actId);
    error DelayInvalid(uint16 delayHours);
    error Suspended(bytes32 organisation);
    error NotSuspended(bytes32 organisation);
    error SuccessorInvalid(address successor);
    error SuccessorNamedAlready(address successor);
    /// @notice The signer approves claims below its prefix alone, and is to be shown the claims: submitClaim, submitBatch.
    error SignerBound(bytes32 organisation, address signer);
    error VoidInFuture(uint64 since);
    /// @notice A void may only be moved back in time.
    error AlreadyVoided(bytes32 organisation, address signer, uint64 since);
    error AddressZero();
    error UnknownRecord(bytes32 recordId);
    /// @notice The record has not counted, and its claims are told when it does: use submitClaim or submitBatch.
    error RecordPending(bytes32 recordId);
    /// @notice A batch of no claims.
    error ClaimsMissing();
    /// @notice The claims of a batch are of one organisation.
    error OrganisationsDiffer(bytes32 organisation, bytes32 other);
    /// @notice A batch that has not counted brings one text of annotations, empty or not, for each claim.
    error AnnotationsMissing(uint256 claims, uint256 annotations);
    error IndexInvalid(uint256 index, uint256 length);
    /// @notice No subject, or no repository.
    error ClaimEmpty();
    error DigestZero();
    error DigestsMissing();
    error IssuedInFuture(uint64 issuedAt, uint64 blockTime);
    error IssuedTooLongAgo(uint64 issuedAt, uint64 blockTime);
    error ClaimExpired(uint64 expiresAt, uint64 blockTime);
    error ClaimAlreadyRevoked(bytes32 claimId);
    error DigestAlreadyRevoked(bytes32 organisation, bytes32 digest);
    error AnnotationsMismatch(bytes32 claimed, bytes32 actual);
    error ApprovalsMissing();
    error SignatureInvalid(address signer);
    error PageInvalid();
    /// @notice A list of claims goes with a list of as many records.
    error LengthsDiffer(uint256 records, uint256 claims);

    // ------------------------------------------------------------------ governor

    function governor() external view returns (address);
    function governorCandidate() external view returns (address);
    /// @notice The registry before this one, 0 if there was none. Its revocations hold on.
    function predecessor() external view returns (address);
    /// @notice The registry after this one, 0 while there is none. Nobody follows it who has not agreed to.
    function successor() external view returns (address);
    /// @notice Starts handing over; the candidate must accept. The zero address withdraws an offer.
    function transferGovernor(address candidate) external;
    function acceptGovernor() external;
    /// @notice Names the next registry, once. May wait.
    function nameSuccessor(address registry) external;
    /// @notice Admits an organisation with one admin, who is its first signer too if `adminSigns`, at threshold 1, without a
    /// delay. May wait where one of the namespaces is carved out of another's empty one.
    /// @param name 1 to 63 of a-z, 0-9 and '-', not starting or ending with '-'; the organisation's id is its keccak256
    /// @param namespaces repository prefixes it owns; the empty string is all that nobody else owns
    function admitOrganisation(
        string calldata name, string calldata displayName, address admin, bool adminSigns, string[] calldata namespaces
    ) external;
    /// @notice Gives a repository prefix to an organisation. It may nest only in or over its own, and in the empty one, which bars
    /// nobody. A prefix is whole components of a-z and 0-9, with '.', '_' and '-' inside them, joined by '/'; the first may end
    /// in ':' and a port. May wait where it is carved out of another's empty one.
    function addNamespace(bytes32 organisation, string calldata namespace) external;
    /// @notice Readers trust nothing of it, and nothing of its counts, until it is restored. Its records, keys and revocations stay
    /// its own. May wait.
    function suspendOrganisation(bytes32 organisation, string calldata reason) external;
    /// @notice May wait.
    function restoreOrganisation(bytes32 organisation, string calldata reason) external;

    // ------------------------------------------------------------------ organisation's admins

    function setDisplayName(bytes32 organisation, string calldata displayName) external;
    /// @notice Gives a namespace back. May wait.
    function removeNamespace(bytes32 organisation, string calldata namespace) external;
    /// @notice May wait.
    function addAdmin(bytes32 organisation, address admin) external;
    /// @notice May wait.
    function removeAdmin(bytes32 organisation, address admin) external;
    /// @param prefix a repository prefix, as a namespace is written: its approvals count for claims below it alone; empty: for
    /// all. May wait.
    function addSigner(bytes32 organisation, address signer, string calldata prefix) external;
    /// @notice The signer approves no more, ever; what it approved stands. Reverts where fewer signers than the threshold
    /// would remain.
    function retireSigner(bytes32 organisation, address signer) external;
    /// @notice What the signer approved at or after `since` falls; a current signer is retired too. The threshold stays, even where
    /// too few signers remain for it. `since` 0 is everything it ever approved.
    function voidSigner(bytes32 organisation, address signer, uint64 since) external;
    /// @notice Retires one signer and adds another in one act, bound to the same prefix. May wait.
    function replaceSigner(bytes32 organisation, address signer, address replacement) external;
    /// @notice Approvals that a claim takes from now on. A pending claim meets it at its next approval; one that counted
    /// keeps its own. Lowering it may wait.
    function setThreshold(bytes32 organisation, uint8 threshold) external;
    /// @notice How long weakening acts wait, up to 720 hours. Of organisation 0: the governor's. Lowering it may wait.
    function setDelay(bytes32 organisation, uint16 delayHours) external;
    /// @notice Cancels acts that wait, all of them where none is named. By any admin; of organisation 0 by the governor.
    function cancelActs(bytes32 organisation, bytes32[] calldata actIds) external;

    // ------------------------------------------------------------------ claims

    /// @notice Records a claim with one or more approvals; on a claim that is recorded, adds approvals. Anyone may send it.
    /// Approvals that are there already are passed over. The record counts, and the tag's head moves to its claim if that was
    /// issued later than the head, once a new approval makes those that stand reach the organisation's threshold. It is made and
    /// counts within 30 days of the claim's `issuedAt`. A record has at most 64 approvals. Whether digests are revoked is for the
    /// reader to see.
    /// @param annotations JSON whose SHA-256 the claim carries, empty without; not looked at once the claim has counted
    /// @return claimId the claim's id, which is its record's
    function submitClaim(ImageClaim calldata claim, Approval[] calldata approvals, string calldata annotations)
        external
        returns (bytes32 claimId);
    /// @notice The same for 1 to 100 claims of one organisation under one signature, of their ImageClaimBatch. With the same
    /// claims again it adds approvals; a claim that expired or was revoked until the batch counts moves no head then.
    /// @param annotations one text for each claim; not looked at once the batch has counted
    /// @return recordId the batch's EIP-712 digest
    function submitBatch(ImageClaim[] calldata claims, Approval[] calldata approvals, string[] calldata annotations)
        external
        returns (bytes32 recordId);
    /// @notice Adds approvals to a record that has counted, by signers who are bound to no prefix.
    function approve(bytes32 organisation, bytes32 recordId, Approval[] calldata approvals) external;
    /// @notice Revokes for good. By an admin: a claim in every record, or by its record's id a batch, also before it is recorded. By
    /// a current signer through whose approval a record counted: that record alone, by its id; an admin's may follow. The
    /// reason is up to 512 bytes.
    /// @param claimId the id of a claim or of a record; an admin's may be any, and nothing else comes of one that is unknown
    function revokeClaim(bytes32 organisation, bytes32 claimId, string calldata reason) external;
    /// @notice Revokes one claim of a batch for good, in this batch alone. By a current signer through whose approval it counted.
    /// @param claimHashes hashStruct (EIP-712) of each claim of the batch, in their order
    /// @param index of the claim to revoke
    function revokeClaimInBatch(
        bytes32 organisation, bytes32[] calldata claimHashes, uint256 index, string calldata reason
    ) external;
    /// @notice Revokes 1 to 64 digests for good, in every claim of the organisation, past and future. By an admin.
    function revokeDigests(bytes32 organisation, bytes32[] calldata digests, string calldata reason) external;

    // ------------------------------------------------------------------ reads

    /// @notice The parts of this contract's EIP-712 domain, as ERC-5267 tells them; the salt is the deployment's own.
    function eip712Domain()
        external
        view
        returns (
            bytes1 fields,
            string memory name,
            string memory version,
            uint256 chainId,
            address verifyingContract,
            bytes32 salt,
            uint256[] memory extensions
        );
    /// @notice The claim's EIP-712 digest in this contract's domain.
    function hashClaim(ImageClaim calldata claim) external view returns (bytes32 claimId);
    /// @notice The EIP-712 digest of an ImageClaimBatch of the claims.
    function hashBatch(ImageClaim[] calldata claims) external view returns (bytes32 recordId);
    /// @notice keccak256(abi.encode(organisation, keccak256(repository), keccak256(tag))).
    function tagKeyOf(bytes32 organisation, string calldata repository, string calldata tag) external pure returns (bytes32);
    /// @notice The owner of the longest namespace that holds the repository, with that namespace; 0 if nobody owns it.
    /// A repository of more than 255 bytes is refused.
    function ownerOf(string calldata repository) external view returns (bytes32 organisation, string memory namespace);
    function recordState(bytes32 organisation, bytes32 recordId) external view returns (RecordState memory);
    /// @notice The approvals of a record in their order, with their block times.
    function approvalsOf(bytes32 organisation, bytes32 recordId)
        external
        view
        returns (address[] memory signers, uint64[] memory times);
    /// @notice All that a verifier needs of one organisation, in one call. The answers come in the order asked.
    /// @param recordIds of records; each goes with the claim at its place in `claimIds`, as many
    function read(
        bytes32 organisation,
        string calldata repository,
        string calldata tag,
        bytes32[] calldata digests,
        bytes32[] calldata recordIds,
        bytes32[] calldata claimIds
    ) external view returns (Reading memory);
    function organisation(bytes32 id) external view returns (OrganisationView memory);
    /// @notice Names of organisations in the order of their admission; 1 to 200 a page.
    function organisations(uint256 offset, uint256 limit) external view returns (string[] memory names, uint256 total);
    function isAdmin(bytes32 organisation, address account) external view returns (bool);
    function isSigner(bytes32 organisation, address account) external view returns (bool);
    function signerState(bytes32 organisation, address account) external view returns (SignerState memory);
    /// @notice The prefix to which a signer is bound, empty if it is to none.
    function signerPrefix(bytes32 organisation, address account) external view returns (string memory);
    /// @notice How many acts the organisation's log has, and the hash over all of them (docs/specs/claim.md, "The log").
    function organisationLog(bytes32 organisation) external view returns (uint48 acts, bytes24 log);
    function waitingActs(bytes32 organisation) external view returns (WaitingAct[] memory);
}
