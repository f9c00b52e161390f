// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Registry of signed container image digests
/// @notice Organisations claim, by EIP-712 signatures of their signers, which digests an image has. What was signed at
/// once, a claim or a batch of claims, is a record. Nothing is ever overwritten: claims are added, revoked and
/// superseded, and each act is an event.
interface IDaoChainRegistry {
    // ------------------------------------------------------------------ what is signed

    /// @notice One identity of an image.
    /// @param digest SHA-256
    /// @param kind 0 config, 1 manifest, 2 index, 3 runtime
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
    /// @param issuedAt seconds since 1970; at most CLOCK_TOLERANCE in the future
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
    /// @param revokedAt block time at which the record's id was revoked, 0 if it was not
    struct RecordState {
        uint64 submittedAt;
        uint64 countedAt;
        uint16 threshold;
        uint16 approvals;
        uint16 validApprovals;
        uint64 revokedAt;
    }

    /// @notice A tag's newest claim that counted; one slot. All zero: the tag was never claimed.
    /// @param claimPrefix the first 27 bytes of the claim's id
    /// @param issuedAt the claim's
    struct Head {
        bytes27 claimPrefix;
        uint40 issuedAt;
    }

    /// @notice All that a verifier needs of one organisation. Times are block times, 0 where it did not happen.
    /// @param name the organisation's; empty: no such organisation
    /// @param threshold the organisation's, for records yet to count
    /// @param owner the organisation that owns the repository, 0 if nobody does
    /// @param head the tag's
    /// @param digestRevocations when each of the digests was revoked
    /// @param records the state of each of the records
    /// @param claimRevocations when each of the claims was revoked by its own id
    struct Reading {
        string name;
        uint16 threshold;
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
        uint16 threshold;
        address[] admins;
        address[] signers;
        string[] namespaces;
    }

    /// @notice A signer's block times in an organisation; 0 where it did not happen. Nobody signs for one twice.
    /// @param voidSince approvals at or after it do not stand
    struct SignerState {
        uint64 addedAt;
        uint64 retiredAt;
        uint64 voidSince;
    }

    // ------------------------------------------------------------------ events

    event GovernorTransferStarted(address indexed governor, address indexed candidate);
    event GovernorTransferred(address indexed previousGovernor, address indexed governor);
    event OrganisationAdmitted(bytes32 indexed organisation, string name, string displayName, address indexed admin);
    event DisplayNameChanged(bytes32 indexed organisation, string displayName, address indexed by);
    event NamespaceAdded(bytes32 indexed organisation, string namespace);
    event NamespaceRemoved(bytes32 indexed organisation, string namespace);
    event AdminAdded(bytes32 indexed organisation, address indexed admin, address indexed by);
    event AdminRemoved(bytes32 indexed organisation, address indexed admin, address indexed by);
    event SignerAdded(bytes32 indexed organisation, address indexed signer, address indexed by);
    event SignerRetired(bytes32 indexed organisation, address indexed signer, address indexed by);
    event SignerVoided(bytes32 indexed organisation, address indexed signer, uint64 since, address indexed by);
    event ThresholdChanged(bytes32 indexed organisation, uint16 threshold, address indexed by);

    /// @notice A whole claim, at its record's first approval: one per claim of a record, in their order.
    /// @param recordId the claim's own id, or its batch's
    /// @param tagKey 0 without a tag
    /// @param annotations the JSON itself
    event ClaimSubmitted(
        bytes32 indexed recordId, bytes32 indexed organisation, bytes32 indexed tagKey, ImageClaim claim, string annotations
    );
    /// @notice One per subject, so that claims are found by digest.
    event SubjectClaimed(
        bytes32 indexed digest, bytes32 indexed organisation, bytes32 indexed claimId, bytes32 recordId, uint8 kind
    );
    event RecordApproved(bytes32 indexed recordId, bytes32 indexed organisation, address indexed signer);
    /// @notice The record reached its organisation's threshold. The head of each of its claims' tags moved to that claim,
    /// in their order, if the claim was issued later than the head, is not revoked and has not expired.
    event RecordCounted(bytes32 indexed recordId, bytes32 indexed organisation, uint16 threshold);
    /// @notice By the id of a claim, or of a record and so of all claims in it.
    event ClaimRevoked(bytes32 indexed claimId, bytes32 indexed organisation, address indexed by, string reason);
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
    /// @notice `owner` has it, or a prefix of it; 0: other organisations have namespaces beneath it.
    error NamespaceTaken(string namespace, bytes32 owner);
    error NamespaceNotOwned(string namespace, bytes32 organisation);
    error AlreadyAdmin(bytes32 organisation, address admin);
    error AlreadySigner(bytes32 organisation, address signer);
    error WasSigner(bytes32 organisation, address signer);
    error LastAdmin(bytes32 organisation);
    error TooMany(string what, uint256 limit);
    error TooLong(string what, uint256 limit);
    error ThresholdInvalid(uint16 threshold, uint256 signers);
    error VoidInFuture(uint64 since);
    /// @notice A void may only be moved back in time.
    error AlreadyVoided(bytes32 organisation, address signer, uint64 since);
    error AddressZero();
    error UnknownRecord(bytes32 recordId);
    /// @notice The batch has not counted, and heads move when it does: its claims are needed, so use submitBatch.
    error BatchPending(bytes32 recordId);
    /// @notice A batch of no claims.
    error ClaimsMissing();
    /// @notice The claims of a batch are of one organisation.
    error OrganisationsDiffer(bytes32 organisation, bytes32 other);
    /// @notice A new batch brings one text of annotations, empty or not, for each claim.
    error AnnotationsMissing(uint256 claims, uint256 annotations);
    error IndexInvalid(uint256 index, uint256 length);
    /// @notice No subject, or no repository.
    error ClaimEmpty();
    error KindInvalid(uint8 kind);
    error DigestZero();
    error DigestsMissing();
    error IssuedInFuture(uint64 issuedAt, uint64 blockTime);
    error ClaimExpired(uint64 expiresAt, uint64 blockTime);
    error ClaimAlreadyRevoked(bytes32 claimId);
    error DigestAlreadyRevoked(bytes32 organisation, bytes32 digest);
    error AnnotationsMismatch(bytes32 claimed, bytes32 actual);
    error ApprovalsMissing();
    error SignatureInvalid(address signer);
    error PageInvalid();

    // ------------------------------------------------------------------ governor

    function governor() external view returns (address);
    function governorCandidate() external view returns (address);
    /// @notice Starts handing over; the candidate must accept. The zero address withdraws an offer.
    function transferGovernor(address candidate) external;
    function acceptGovernor() external;
    /// @notice Admits an organisation with one admin, who is its first signer too if `adminSigns`, at threshold 1.
    /// @param name 1 to 63 of a-z, 0-9 and '-', not starting or ending with '-'; the organisation's id is its keccak256
    /// @param namespaces repository prefixes it owns; the empty string is every repository
    function admitOrganisation(
        string calldata name, string calldata displayName, address admin, bool adminSigns, string[] calldata namespaces
    ) external returns (bytes32 organisation);
    /// @notice Gives a repository prefix to an organisation. It may nest only in or over its own. A prefix is whole
    /// components of a-z and 0-9, with '.', '_' and '-' inside them, joined by '/'; the first may end in ':' and a port.
    function addNamespace(bytes32 organisation, string calldata namespace) external;

    // ------------------------------------------------------------------ organisation's admins

    function setDisplayName(bytes32 organisation, string calldata displayName) external;
    /// @notice Gives a namespace back. By an admin.
    function removeNamespace(bytes32 organisation, string calldata namespace) external;
    function addAdmin(bytes32 organisation, address admin) external;
    function removeAdmin(bytes32 organisation, address admin) external;
    function addSigner(bytes32 organisation, address signer) external;
    /// @notice The signer approves no more, ever; what it approved stands. Reverts where fewer signers than the threshold
    /// would remain.
    function retireSigner(bytes32 organisation, address signer) external;
    /// @notice What the signer approved at or after `since` falls; a current signer is retired too, and the threshold
    /// lowered to the signers who remain (at least 1). `since` 0 is everything it ever approved.
    function voidSigner(bytes32 organisation, address signer, uint64 since) external;
    /// @notice Retires one signer and adds another in one act.
    function replaceSigner(bytes32 organisation, address signer, address replacement) external;
    /// @notice Approvals that a claim takes from now on. A pending claim meets it at its next approval; one that counted
    /// keeps its own.
    function setThreshold(bytes32 organisation, uint16 threshold) external;

    // ------------------------------------------------------------------ claims

    /// @notice Records a claim with one or more approvals; on a claim that is recorded, adds approvals. Anyone may send it.
    /// Approvals that are there already are passed over. The record counts, and the tag's head moves to its claim if that was
    /// issued later than the head, once a new approval makes those that stand reach the organisation's threshold. A record
    /// has at most 64 approvals. Whether digests are revoked is for the reader to see.
    /// @param annotations JSON whose SHA-256 the claim carries, empty without; only looked at when the claim is new
    /// @return claimId the claim's id, which is its record's
    function submitClaim(ImageClaim calldata claim, Approval[] calldata approvals, string calldata annotations)
        external
        returns (bytes32 claimId);
    /// @notice The same for 1 to 100 claims of one organisation under one signature, of their ImageClaimBatch. With the same
    /// claims again it adds approvals; a claim that expired or was revoked until the batch counts moves no head then.
    /// @param annotations one text for each claim; only looked at when the batch is new
    /// @return recordId the batch's EIP-712 digest
    function submitBatch(ImageClaim[] calldata claims, Approval[] calldata approvals, string[] calldata annotations)
        external
        returns (bytes32 recordId);
    /// @notice Adds approvals to a record: of one claim, or of a batch that has counted.
    function approve(bytes32 organisation, bytes32 recordId, Approval[] calldata approvals) external;
    /// @notice Revokes a claim for good, or by its record's id a batch. By an admin, also before it is recorded, or by a current
    /// signer through whose approval the record counted. The reason is up to 512 bytes.
    /// @param claimId the id of a claim or of a record; an admin's may be any, and nothing else comes of one that is unknown
    function revokeClaim(bytes32 organisation, bytes32 claimId, string calldata reason) external;
    /// @notice Revokes one claim of a batch for good. By a current signer through whose approval the batch counted.
    /// @param claimHashes hashStruct (EIP-712) of each claim of the batch, in their order
    /// @param index of the claim to revoke
    function revokeClaimInBatch(
        bytes32 organisation, bytes32[] calldata claimHashes, uint256 index, string calldata reason
    ) external;
    /// @notice Revokes 1 to 64 digests for good, in every claim of the organisation, past and future. By an admin.
    function revokeDigests(bytes32 organisation, bytes32[] calldata digests, string calldata reason) external;

    // ------------------------------------------------------------------ reads

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
}
