// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {ClaimHash} from "./ClaimHash.sol";
import {IDaoChainRegistry} from "./IDaoChainRegistry.sol";
import {Organisations} from "./Organisations.sol";

/// @title Registry of signed container image digests
/// @notice Immutable: no proxy, nobody who can rewrite a record, no ether. docs/specs/claim.md says which storage slots
/// decide whether a digest is good and how to compute them.
contract DaoChainRegistry is ClaimHash, Organisations {
    uint256 private constant MAX_SUBJECTS = 64;
    uint256 private constant MAX_APPROVALS = 64;
    uint256 private constant MAX_TAG = 128;
    uint256 private constant MAX_PLATFORM = 64;
    uint256 private constant MAX_ANNOTATIONS = 8192;
    uint256 private constant MAX_REASON = 512;
    uint8 private constant LAST_KIND = 3;
    /// Seconds by which an issuer's clock may run ahead of the chain's.
    uint64 private constant CLOCK_TOLERANCE = 60;

    /// One slot. A claim with one signer writes this and its tag's head, nothing else.
    struct Record {
        address firstSigner;
        uint40 submittedAt;
        uint40 issuedAt;
        uint8 threshold;
        uint8 approvals;
    }

    /// One slot.
    struct LaterApproval {
        address signer;
        uint40 time;
    }

    /// What a claim below its threshold still needs to know when it counts; erased then.
    struct Pending {
        bytes32 tagKey;
        uint64 expiresAt;
    }

    mapping(bytes32 organisation => mapping(bytes32 claimId => Record)) private _records;
    mapping(bytes32 organisation => mapping(bytes32 claimId => uint64)) private _claimRevokedAt;
    mapping(bytes32 organisation => mapping(bytes32 digest => uint64)) private _digestRevokedAt;
    mapping(bytes32 tagKey => bytes32 claimId) private _heads;
    mapping(bytes32 claimId => mapping(uint256 index => LaterApproval)) private _laterApprovals;
    mapping(bytes32 claimId => Pending) private _pending;

    constructor(address firstGovernor) Organisations(firstGovernor) {}

    // ------------------------------------------------------------------ claims

    /// @inheritdoc IDaoChainRegistry
    function submit(ImageClaim calldata claim, Approval[] calldata approvals, string calldata annotations)
        external
        returns (bytes32 claimId)
    {
        _requireValid(claim);
        claimId = hashClaim(claim);
        Record memory record = _records[claim.organisation][claimId];
        bool isNew = record.submittedAt == 0;
        if (isNew || bytes(annotations).length != 0) _requireAnnotations(claim.annotations, annotations);

        bytes32 tagKey = 0;
        if (bytes(claim.tag).length != 0) tagKey = tagKeyOf(claim.organisation, claim.repository, claim.tag);
        if (isNew) {
            record.submittedAt = uint40(block.timestamp);
            record.issuedAt = uint40(claim.issuedAt);
            emit ClaimSubmitted(claimId, claim.organisation, tagKey, claim, annotations);
            Subject[] calldata subjects = claim.subjects;
            for (uint256 i = 0; i < subjects.length; ++i) {
                Subject calldata subject = subjects[i];
                emit SubjectClaimed(subject.digest, claim.organisation, claimId, subject.kind);
            }
        }
        if (_addApprovals(claim.organisation, claimId, record, approvals)) {
            if (!isNew) delete _pending[claimId];
            _moveHead(claim.organisation, tagKey, claimId, record.issuedAt);
        } else if (isNew) {
            _pending[claimId] = Pending({tagKey: tagKey, expiresAt: claim.expiresAt});
        }
    }

    /// @inheritdoc IDaoChainRegistry
    function approve(bytes32 id, bytes32 claimId, Approval[] calldata approvals) external {
        Record memory record = _records[id][claimId];
        if (record.submittedAt == 0) revert UnknownClaim(claimId);
        Pending memory pending = _pending[claimId];
        _requireNotExpired(pending.expiresAt);
        if (_addApprovals(id, claimId, record, approvals)) {
            delete _pending[claimId];
            _moveHead(id, pending.tagKey, claimId, record.issuedAt);
        }
    }

    /// @inheritdoc IDaoChainRegistry
    function revokeClaim(bytes32 id, bytes32 claimId, string calldata reason) external {
        Record memory record = _records[id][claimId];
        if (record.submittedAt == 0) revert UnknownClaim(claimId);
        if (!isAdmin(id, msg.sender) && !(isSigner(id, msg.sender) && _hasApproved(claimId, record, msg.sender))) {
            revert NotAllowedToRevoke(id, msg.sender);
        }
        _requireReason(reason);
        if (_claimRevokedAt[id][claimId] != 0) revert ClaimAlreadyRevoked(claimId);
        _claimRevokedAt[id][claimId] = uint64(block.timestamp);
        emit ClaimRevoked(claimId, id, msg.sender, reason);
    }

    /// @inheritdoc IDaoChainRegistry
    function revokeDigests(bytes32 id, bytes32[] calldata digests, string calldata reason) external onlyAdmin(id) {
        _requireReason(reason);
        if (digests.length == 0) revert DigestsMissing();
        if (digests.length > MAX_SUBJECTS) revert TooMany("digests", MAX_SUBJECTS);
        for (uint256 i = 0; i < digests.length; ++i) {
            if (digests[i] == 0) revert DigestZero();
            if (_digestRevokedAt[id][digests[i]] != 0) revert DigestAlreadyRevoked(id, digests[i]);
            _digestRevokedAt[id][digests[i]] = uint64(block.timestamp);
            emit DigestRevoked(digests[i], id, msg.sender, reason);
        }
    }

    // ------------------------------------------------------------------ reads

    /// @inheritdoc IDaoChainRegistry
    function tagKeyOf(bytes32 id, string calldata repository, string calldata tag) public pure returns (bytes32) {
        return keccak256(abi.encode(id, repository, tag));
    }

    /// @inheritdoc IDaoChainRegistry
    function headOf(bytes32 id, string calldata repository, string calldata tag)
        public
        view
        returns (Head memory head)
    {
        head.claimId = _heads[tagKeyOf(id, repository, tag)];
        head.issuedAt = _records[id][head.claimId].issuedAt;
    }

    /// @inheritdoc IDaoChainRegistry
    function claimState(bytes32 id, bytes32 claimId) public view returns (ClaimState memory state) {
        Record memory record = _records[id][claimId];
        state.submittedAt = record.submittedAt;
        state.threshold = record.threshold;
        state.approvals = record.approvals;
        state.revokedAt = _claimRevokedAt[id][claimId];
        for (uint256 i = 0; i < record.approvals; ++i) {
            (address signer, uint64 time) = _approvalAt(claimId, record, i);
            if (_stands(id, signer, time)) ++state.validApprovals;
        }
    }

    /// @inheritdoc IDaoChainRegistry
    function approvalsOf(bytes32 id, bytes32 claimId)
        external
        view
        returns (address[] memory signers, uint64[] memory times)
    {
        Record memory record = _records[id][claimId];
        signers = new address[](record.approvals);
        times = new uint64[](record.approvals);
        for (uint256 i = 0; i < record.approvals; ++i) {
            (signers[i], times[i]) = _approvalAt(claimId, record, i);
        }
    }

    /// @inheritdoc IDaoChainRegistry
    function revokedAt(bytes32 id, bytes32 digest) external view returns (uint64) {
        return _digestRevokedAt[id][digest];
    }

    /// @inheritdoc IDaoChainRegistry
    function read(
        bytes32 id,
        string calldata repository,
        string calldata tag,
        bytes32[] calldata digests,
        bytes32[] calldata claimIds
    ) external view returns (Head memory head, uint64[] memory revocations, ClaimState[] memory claims) {
        head = headOf(id, repository, tag);
        revocations = new uint64[](digests.length);
        for (uint256 i = 0; i < digests.length; ++i) {
            revocations[i] = _digestRevokedAt[id][digests[i]];
        }
        claims = new ClaimState[](claimIds.length);
        for (uint256 i = 0; i < claimIds.length; ++i) {
            claims[i] = claimState(id, claimIds[i]);
        }
    }

    // ------------------------------------------------------------------ approvals

    /// Checks and stores the approvals, and the record with them. Whether these approvals made the claim count.
    function _addApprovals(bytes32 id, bytes32 claimId, Record memory record, Approval[] calldata approvals)
        private
        returns (bool counts)
    {
        uint16 required = _threshold(id);
        if (approvals.length == 0) revert ApprovalsMissing();
        uint256 total = record.approvals + approvals.length;
        if (total > MAX_APPROVALS) revert TooMany("approvals", MAX_APPROVALS);
        if (record.approvals != 0 && _claimRevokedAt[id][claimId] != 0) revert ClaimAlreadyRevoked(claimId);

        address[] memory signers = new address[](total);
        uint256 valid = approvals.length;
        for (uint256 i = 0; i < record.approvals; ++i) {
            uint64 time;
            (signers[i], time) = _approvalAt(claimId, record, i);
            if (_stands(id, signers[i], time)) ++valid;
        }
        for (uint256 i = record.approvals; i < total; ++i) {
            Approval calldata approval = approvals[i - record.approvals];
            address signer = approval.signer;
            for (uint256 j = 0; j < i; ++j) {
                if (signers[j] == signer) revert AlreadyApproved(claimId, signer);
            }
            _requireApproval(id, claimId, approval);
            signers[i] = signer;
            if (i == 0) record.firstSigner = signer;
            else _laterApprovals[claimId][i] = LaterApproval({signer: signer, time: uint40(block.timestamp)});
            emit ClaimApproved(claimId, id, signer);
        }
        record.approvals = uint8(total);
        counts = record.threshold == 0 && valid >= required;
        if (counts) {
            record.threshold = uint8(required);
            emit ClaimCounted(claimId, id, required);
        }
        _records[id][claimId] = record;
    }

    /// Reverts unless a current signer approves: by sending this itself, or by a signature.
    function _requireApproval(bytes32 id, bytes32 claimId, Approval calldata approval) private view {
        address signer = approval.signer;
        if (!isSigner(id, signer)) revert NotSigner(id, signer);
        if (approval.signature.length == 0 && signer == msg.sender) return;
        if (!SignatureChecker.isValidSignatureNowCalldata(signer, claimId, approval.signature)) {
            revert SignatureInvalid(signer);
        }
    }

    function _approvalAt(bytes32 claimId, Record memory record, uint256 index)
        private
        view
        returns (address signer, uint64 time)
    {
        if (index == 0) return (record.firstSigner, record.submittedAt);
        LaterApproval storage later = _laterApprovals[claimId][index];
        return (later.signer, later.time);
    }

    function _hasApproved(bytes32 claimId, Record memory record, address account) private view returns (bool) {
        for (uint256 i = 0; i < record.approvals; ++i) {
            (address signer,) = _approvalAt(claimId, record, i);
            if (signer == account) return true;
        }
        return false;
    }

    /// Whether an approval given at that time still stands.
    function _stands(bytes32 id, address signer, uint64 time) private view returns (bool) {
        uint64 voidSince = _signerStates[id][signer].voidSince;
        return voidSince == 0 || time < voidSince;
    }

    /// A tag moves only to a claim that was issued later. An empty tag (no key) has no head.
    function _moveHead(bytes32 id, bytes32 tagKey, bytes32 claimId, uint40 issuedAt) private {
        if (tagKey == 0) return;
        bytes32 head = _heads[tagKey];
        if (head != 0 && _records[id][head].issuedAt >= issuedAt) return;
        _heads[tagKey] = claimId;
        emit HeadMoved(tagKey, id, claimId);
    }

    // ------------------------------------------------------------------ what a claim must be

    function _requireValid(ImageClaim calldata claim) private view {
        bytes32 id = claim.organisation;
        _threshold(id);
        Subject[] calldata subjects = claim.subjects;
        uint256 repositoryLength = bytes(claim.repository).length;
        if (subjects.length == 0 || repositoryLength == 0) revert ClaimEmpty();
        if (subjects.length > MAX_SUBJECTS) revert TooMany("subjects", MAX_SUBJECTS);
        if (repositoryLength > MAX_REPOSITORY) revert TooLong("repository", MAX_REPOSITORY);
        if (bytes(claim.tag).length > MAX_TAG) revert TooLong("tag", MAX_TAG);
        if (claim.issuedAt > block.timestamp + CLOCK_TOLERANCE) {
            revert IssuedInFuture(claim.issuedAt, uint64(block.timestamp));
        }
        _requireNotExpired(claim.expiresAt);
        mapping(bytes32 digest => uint64) storage revocations = _digestRevokedAt[id];
        for (uint256 i = 0; i < subjects.length; ++i) {
            Subject calldata subject = subjects[i];
            bytes32 digest = subject.digest;
            if (digest == 0) revert DigestZero();
            if (subject.kind > LAST_KIND) revert KindInvalid(subject.kind);
            if (bytes(subject.platform).length > MAX_PLATFORM) revert TooLong("platform", MAX_PLATFORM);
            if (revocations[digest] != 0) revert DigestAlreadyRevoked(id, digest);
        }
    }

    function _requireNotExpired(uint64 expiresAt) private view {
        if (expiresAt != 0 && expiresAt <= block.timestamp) revert ClaimExpired(expiresAt, uint64(block.timestamp));
    }

    function _requireAnnotations(bytes32 claimed, string calldata annotations) private pure {
        uint256 length = bytes(annotations).length;
        if (length > MAX_ANNOTATIONS) revert TooLong("annotations", MAX_ANNOTATIONS);
        bytes32 actual = length == 0 ? bytes32(0) : sha256(bytes(annotations));
        if (claimed != actual) revert AnnotationsMismatch(claimed, actual);
    }

    function _requireReason(string calldata reason) private pure {
        if (bytes(reason).length > MAX_REASON) revert TooLong("reason", MAX_REASON);
    }
}
