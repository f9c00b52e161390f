// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";
import {Approvals} from "./Approvals.sol";
import {ClaimHash} from "./ClaimHash.sol";
import {IDaoChainRegistry} from "./IDaoChainRegistry.sol";

/// @title Registry of signed container image digests
/// @notice Immutable: no proxy, nobody who can rewrite a record, no ether. docs/specs/claim.md says which storage slots
/// decide whether a digest is good and how to compute them.
contract DaoChainRegistry is ClaimHash, Approvals, Multicall {
    uint256 private constant MAX_CLAIMS = 100;
    uint256 private constant MAX_SUBJECTS = 64;
    uint256 private constant MAX_TAG = 128;
    uint256 private constant MAX_PLATFORM = 64;
    uint256 private constant MAX_ANNOTATIONS = 8192;
    uint256 private constant MAX_REASON = 512;
    uint8 private constant LAST_KIND = 3;
    /// Seconds by which an issuer's clock may run ahead of the chain's.
    uint64 private constant CLOCK_TOLERANCE = 60;

    /// What a claim below its threshold still needs to know when it counts; erased then. A batch has none of it.
    struct Pending {
        bytes32 tagKey;
        uint64 issuedAt;
        uint64 expiresAt;
        bool isClaim;
    }

    mapping(bytes32 organisation => mapping(bytes32 digest => uint64)) private _digestRevocations;
    mapping(bytes32 tagKey => Head) private _heads;
    mapping(bytes32 recordId => Pending) private _pending;

    constructor(address firstGovernor) Approvals(firstGovernor) {}

    // ------------------------------------------------------------------ claims

    /// @inheritdoc IDaoChainRegistry
    function submitClaim(ImageClaim memory claim, Approval[] calldata approvals, string calldata annotations)
        external
        returns (bytes32 claimId)
    {
        bytes32 id = claim.organisation;
        (bytes32 claimHash, bytes32 tagKey) = _hashStruct(claim);
        claimId = _hashTypedDataV4(claimHash);
        Record memory record = _records[id][claimId];
        if (record.submittedAt != 0) {
            _approve(id, claimId, record, approvals);
            return claimId;
        }
        record.submittedAt = uint40(block.timestamp);
        _announce(claim, tagKey, claimId, claimId, annotations);
        if (_addApprovals(id, claimId, record, approvals)) {
            _moveHead(tagKey, claimId, claim.issuedAt);
        } else {
            _pending[claimId] =
                Pending({tagKey: tagKey, issuedAt: claim.issuedAt, expiresAt: claim.expiresAt, isClaim: true});
        }
    }

    /// @inheritdoc IDaoChainRegistry
    function submitBatch(ImageClaim[] memory claims, Approval[] calldata approvals, string[] calldata annotations)
        external
        returns (bytes32 recordId)
    {
        if (claims.length == 0) revert ClaimsMissing();
        if (claims.length > MAX_CLAIMS) revert TooMany("claims", MAX_CLAIMS);
        bytes32 id = claims[0].organisation;
        (bytes32[] memory hashes, bytes32[] memory tagKeys) = _hashStructs(claims);
        recordId = _hashTypedDataV4(_hashBatch(hashes));
        Record memory record = _records[id][recordId];
        if (record.submittedAt == 0) {
            if (annotations.length != claims.length) revert AnnotationsMissing(claims.length, annotations.length);
            record.submittedAt = uint40(block.timestamp);
            for (uint256 i = 0; i < claims.length; ++i) {
                if (claims[i].organisation != id) revert OrganisationsDiffer(id, claims[i].organisation);
                _announce(claims[i], tagKeys[i], recordId, _hashTypedDataV4(hashes[i]), annotations[i]);
            }
        }
        if (!_addApprovals(id, recordId, record, approvals)) return recordId;
        for (uint256 i = 0; i < claims.length; ++i) {
            bytes32 claimId = _hashTypedDataV4(hashes[i]);
            // One that did not last until the batch counted does not hold up the others.
            if (_isExpired(claims[i].expiresAt) || _claimRevocations[id][claimId] != 0) continue;
            _moveHead(tagKeys[i], claimId, claims[i].issuedAt);
        }
    }

    /// @inheritdoc IDaoChainRegistry
    function approve(bytes32 id, bytes32 recordId, Approval[] calldata approvals) external {
        Record memory record = _records[id][recordId];
        if (record.submittedAt == 0) revert UnknownRecord(recordId);
        _approve(id, recordId, record, approvals);
    }

    /// @inheritdoc IDaoChainRegistry
    function revokeClaim(bytes32 id, bytes32 claimId, string calldata reason) external {
        if (!isAdmin(id, msg.sender)) _requireAuthor(id, claimId);
        _revokeClaim(id, claimId, reason);
    }

    /// @inheritdoc IDaoChainRegistry
    function revokeClaimInBatch(bytes32 id, bytes32[] calldata claimHashes, uint256 index, string calldata reason)
        external
    {
        if (index >= claimHashes.length) revert IndexInvalid(index, claimHashes.length);
        _requireAuthor(id, _hashTypedDataV4(_hashBatch(claimHashes)));
        _revokeClaim(id, _hashTypedDataV4(claimHashes[index]), reason);
    }

    /// @inheritdoc IDaoChainRegistry
    function revokeDigests(bytes32 id, bytes32[] calldata digests, string calldata reason) external onlyAdmin(id) {
        _requireReason(reason);
        if (digests.length == 0) revert DigestsMissing();
        if (digests.length > MAX_SUBJECTS) revert TooMany("digests", MAX_SUBJECTS);
        for (uint256 i = 0; i < digests.length; ++i) {
            if (digests[i] == 0) revert DigestZero();
            if (_digestRevocations[id][digests[i]] != 0) revert DigestAlreadyRevoked(id, digests[i]);
            _digestRevocations[id][digests[i]] = uint64(block.timestamp);
            emit DigestRevoked(digests[i], id, msg.sender, reason);
        }
    }

    // ------------------------------------------------------------------ reads

    /// @inheritdoc IDaoChainRegistry
    function tagKeyOf(bytes32 id, string calldata repository, string calldata tag) public pure returns (bytes32) {
        return _tagKey(id, keccak256(bytes(repository)), keccak256(bytes(tag)));
    }

    /// @inheritdoc IDaoChainRegistry
    function read(
        bytes32 id,
        string calldata repository,
        string calldata tag,
        bytes32[] calldata digests,
        bytes32[] calldata recordIds,
        bytes32[] calldata claimIds
    ) external view returns (Reading memory reading) {
        (reading.name, reading.threshold) = _nameAndThreshold(id);
        (reading.owner,) = ownerOf(repository);
        reading.head = _heads[tagKeyOf(id, repository, tag)];
        reading.digestRevocations = _times(_digestRevocations[id], digests);
        reading.claimRevocations = _times(_claimRevocations[id], claimIds);
        reading.records = new RecordState[](recordIds.length);
        for (uint256 i = 0; i < recordIds.length; ++i) {
            reading.records[i] = recordState(id, recordIds[i]);
        }
    }

    // ------------------------------------------------------------------ recording

    /// Adds approvals to a record without knowing its claims.
    function _approve(bytes32 id, bytes32 recordId, Record memory record, Approval[] calldata approvals) private {
        Pending memory pending;
        if (record.threshold == 0) {
            pending = _pending[recordId];
            if (!pending.isClaim) revert BatchPending(recordId);
            if (_isExpired(pending.expiresAt)) revert ClaimExpired(pending.expiresAt, uint64(block.timestamp));
        }
        if (_addApprovals(id, recordId, record, approvals)) {
            delete _pending[recordId];
            _moveHead(pending.tagKey, recordId, pending.issuedAt);
        }
    }

    /// Checks a claim that is new and tells it to the log.
    function _announce(
        ImageClaim memory claim,
        bytes32 tagKey,
        bytes32 recordId,
        bytes32 claimId,
        string calldata annotations
    ) private {
        _requireValid(claim);
        _requireAnnotations(claim.annotations, annotations);
        bytes32 id = claim.organisation;
        emit ClaimSubmitted(recordId, id, tagKey, claim, annotations);
        Subject[] memory subjects = claim.subjects;
        for (uint256 i = 0; i < subjects.length; ++i) {
            Subject memory subject = subjects[i];
            if (subject.digest == 0) revert DigestZero();
            if (subject.kind > LAST_KIND) revert KindInvalid(subject.kind);
            if (bytes(subject.platform).length > MAX_PLATFORM) revert TooLong("platform", MAX_PLATFORM);
            emit SubjectClaimed(subject.digest, id, claimId, recordId, subject.kind);
        }
    }

    /// A tag moves only to a claim that was issued later. An empty tag (no key) has no head.
    function _moveHead(bytes32 tagKey, bytes32 claimId, uint64 issuedAt) private {
        if (tagKey == 0) return;
        Head memory head = _heads[tagKey];
        if (head.claimPrefix != 0 && head.issuedAt >= issuedAt) return;
        _heads[tagKey] = Head({claimPrefix: bytes27(claimId), issuedAt: uint40(issuedAt)});
    }

    // ------------------------------------------------------------------ revoking

    /// Reverts unless the sender is a current signer by whose approval, among others, the record counted.
    function _requireAuthor(bytes32 id, bytes32 recordId) private view {
        if (!isSigner(id, msg.sender) || !_isAuthor(id, recordId, msg.sender)) {
            revert NotAllowedToRevoke(id, msg.sender);
        }
    }

    function _revokeClaim(bytes32 id, bytes32 claimId, string calldata reason) private {
        _requireReason(reason);
        if (_claimRevocations[id][claimId] != 0) revert ClaimAlreadyRevoked(claimId);
        _claimRevocations[id][claimId] = uint64(block.timestamp);
        emit ClaimRevoked(claimId, id, msg.sender, reason);
    }

    function _times(mapping(bytes32 => uint64) storage revocations, bytes32[] calldata keys)
        private
        view
        returns (uint64[] memory times)
    {
        times = new uint64[](keys.length);
        for (uint256 i = 0; i < keys.length; ++i) {
            times[i] = revocations[keys[i]];
        }
    }

    // ------------------------------------------------------------------ what a claim must be

    function _requireValid(ImageClaim memory claim) private view {
        uint256 subjects = claim.subjects.length;
        uint256 repository = bytes(claim.repository).length;
        if (subjects == 0 || repository == 0) revert ClaimEmpty();
        if (subjects > MAX_SUBJECTS) revert TooMany("subjects", MAX_SUBJECTS);
        if (repository > MAX_REPOSITORY) revert TooLong("repository", MAX_REPOSITORY);
        if (bytes(claim.tag).length > MAX_TAG) revert TooLong("tag", MAX_TAG);
        if (claim.issuedAt > block.timestamp + CLOCK_TOLERANCE) {
            revert IssuedInFuture(claim.issuedAt, uint64(block.timestamp));
        }
        if (_isExpired(claim.expiresAt)) revert ClaimExpired(claim.expiresAt, uint64(block.timestamp));
    }

    function _isExpired(uint64 expiresAt) private view returns (bool) {
        return expiresAt != 0 && expiresAt <= block.timestamp;
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
