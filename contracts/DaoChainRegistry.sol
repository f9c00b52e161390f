// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";
import {ClaimHash} from "./ClaimHash.sol";
import {IDaoChainRegistry} from "./IDaoChainRegistry.sol";
import {Namespaces} from "./Namespaces.sol";
import {OrganisationLog} from "./OrganisationLog.sol";
import {RegistryViews} from "./RegistryViews.sol";
import {Organisation, Record, Revocation} from "./RegistryState.sol";
import {RegistryActs} from "./RegistryActs.sol";
import {WaitingActs} from "./WaitingActs.sol";

/// @title Registry of signed container image digests
/// @notice Immutable: no proxy, nobody who can rewrite a record, no ether. docs/specs/claim.md says which storage slots
/// decide whether a digest is good and how to compute them.
contract DaoChainRegistry is ClaimHash, RegistryViews, Multicall {
    using OrganisationLog for Organisation;

    uint256 private constant MAX_CLAIMS = 100;
    uint256 private constant MAX_SUBJECTS = 64;
    uint256 private constant MAX_TAG = 128;
    uint256 private constant MAX_PLATFORM = 64;
    uint256 private constant MAX_ANNOTATIONS = 8192;
    uint256 private constant MAX_REASON = 512;
    /// Seconds by which an issuer's clock may run ahead of the chain's.
    uint64 private constant CLOCK_TOLERANCE = 60;
    /// Seconds in which a claim is recorded, and counts, or never does.
    uint64 private constant TIME_TO_COUNT = 30 days;

    /// @param firstGovernor may hand over to another, a council
    /// @param registryBefore whose place this one takes, 0 if none
    /// @param salt random: two registries of one address on two chains of one id take each other's signatures without
    /// @param delayHours for which the governor's weighty acts wait, up to 720
    constructor(address firstGovernor, address registryBefore, bytes32 salt, uint16 delayHours) ClaimHash(salt) {
        if (firstGovernor == address(0)) revert AddressZero();
        if (delayHours > WaitingActs.MAX_DELAY) revert DelayInvalid(delayHours);
        _state.governor = firstGovernor;
        _state.predecessor = registryBefore;
        Organisation storage own = _state.organisations[0];
        own.delayHours = delayHours;
        own.append(OrganisationLog.topicsOf(GovernorTransferred.selector, 0, firstGovernor), "");
        own.append(OrganisationLog.topicsOf(DelayChanged.selector, 0, firstGovernor), abi.encode(delayHours));
    }

    // ------------------------------------------------------------------ claims

    /// @inheritdoc IDaoChainRegistry
    function submitClaim(ImageClaim memory claim, Approval[] calldata approvals, string calldata annotations)
        external
        returns (bytes32 claimId)
    {
        bytes32 id = claim.organisation;
        (bytes32 claimHash, bytes32 tagKey) = _hashStruct(claim);
        claimId = _digest(claimHash);
        Record memory record = _state.records[id][claimId];
        bool isNew = record.submittedAt == 0;
        if (isNew) record.submittedAt = uint40(block.timestamp);
        if (record.threshold == 0) {
            _requireValid(claim, annotations);
            if (_isExpired(claim.expiresAt)) revert ClaimExpired(claim.expiresAt, uint64(block.timestamp));
        }
        (uint256 word, bool added, bool bound) = _addApprovals(id, claimId, record, approvals);
        // Without a new approval nothing changes: a threshold that was lowered meanwhile is met by signers, not by strangers.
        if (!added) return claimId;
        if (bound) _requireWithin(id, approvals, claim.repository);
        if (_reachesThreshold(id, claimId, record, word)) {
            _tellCounted(claim, tagKey, claimId, claimId, annotations);
            word = _count(id, claimId, record, word);
            _moveHead(tagKey, claimId, claim.issuedAt);
        } else if (isNew) {
            emit ClaimProposed(claimId, id, tagKey, claim, annotations);
        }
        _store(id, claimId, record, word);
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
        recordId = _digest(_hashBatch(hashes));
        Record memory record = _state.records[id][recordId];
        bool isNew = record.submittedAt == 0;
        if (isNew) record.submittedAt = uint40(block.timestamp);
        if (record.threshold == 0) _requireValidBatch(id, claims, annotations, isNew);
        (uint256 word, bool added, bool bound) = _addApprovals(id, recordId, record, approvals);
        if (!added) return recordId;
        if (bound) {
            for (uint256 i = 0; i < claims.length; ++i) {
                _requireWithin(id, approvals, claims[i].repository);
            }
        }
        if (_reachesThreshold(id, recordId, record, word)) {
            for (uint256 i = 0; i < claims.length; ++i) {
                bytes32 claimId = _digest(hashes[i]);
                _tellCounted(claims[i], tagKeys[i], recordId, claimId, annotations[i]);
                // One that did not last until the batch counted does not hold up the others.
                if (_isExpired(claims[i].expiresAt) || _revokedAt(id, claimId) != 0) continue;
                _moveHead(tagKeys[i], claimId, claims[i].issuedAt);
            }
            word = _count(id, recordId, record, word);
        } else if (isNew) {
            for (uint256 i = 0; i < claims.length; ++i) {
                emit ClaimProposed(recordId, id, tagKeys[i], claims[i], annotations[i]);
            }
        }
        _store(id, recordId, record, word);
    }

    /// @inheritdoc IDaoChainRegistry
    function approve(bytes32 id, bytes32 recordId, Approval[] calldata approvals) external {
        Record memory record = _state.records[id][recordId];
        if (record.submittedAt == 0) revert UnknownRecord(recordId);
        if (record.threshold == 0) revert RecordPending(recordId);
        (uint256 word, bool added, bool bound) = _addApprovals(id, recordId, record, approvals);
        // No repository holds to every prefix, and an empty one lies below none.
        if (bound) _requireWithin(id, approvals, "");
        if (added) _store(id, recordId, record, word);
    }

    // ------------------------------------------------------------------ revocations

    /// @inheritdoc IDaoChainRegistry
    function revokeClaim(bytes32 id, bytes32 claimId, string calldata reason) external {
        if (_isAdmin(id, msg.sender)) RegistryActs.revokeClaim(_state, id, claimId, reason);
        else _revokeRecord(id, claimId, claimId, claimId, reason);
    }

    /// @inheritdoc IDaoChainRegistry
    function revokeClaimInBatch(bytes32 id, bytes32[] calldata claimHashes, uint256 index, string calldata reason)
        external
    {
        if (index >= claimHashes.length) revert IndexInvalid(index, claimHashes.length);
        bytes32 recordId = _digest(_hashBatch(claimHashes));
        bytes32 claimId = _digest(claimHashes[index]);
        _revokeRecord(id, recordId, claimId, _claimInBatch(recordId, claimId), reason);
    }

    /// @inheritdoc IDaoChainRegistry
    function revokeDigests(bytes32 id, bytes32[] calldata digests, string calldata reason) external {
        RegistryActs.revokeDigests(_state, id, digests, reason);
    }

    // ------------------------------------------------------------------ governor's and admins' acts: RegistryActs

    /// @inheritdoc IDaoChainRegistry
    function transferGovernor(address candidate) external {
        RegistryActs.transferGovernor(_state, candidate);
    }

    /// @inheritdoc IDaoChainRegistry
    function acceptGovernor() external {
        RegistryActs.acceptGovernor(_state);
    }

    /// @inheritdoc IDaoChainRegistry
    function nameSuccessor(address registry) external {
        RegistryActs.nameSuccessor(_state, registry, msg.data);
    }

    /// @inheritdoc IDaoChainRegistry
    function admitOrganisation(
        string calldata name,
        string calldata displayName,
        address admin,
        bool adminSigns,
        string[] calldata namespaces
    ) external {
        RegistryActs.admitOrganisation(_state, name, displayName, admin, adminSigns, namespaces, msg.data);
    }

    /// @inheritdoc IDaoChainRegistry
    function addNamespace(bytes32 id, string calldata namespace) external {
        RegistryActs.addNamespace(_state, id, namespace, msg.data);
    }

    /// @inheritdoc IDaoChainRegistry
    function suspendOrganisation(bytes32 id, string calldata reason) external {
        RegistryActs.setSuspended(_state, id, true, reason, msg.data);
    }

    /// @inheritdoc IDaoChainRegistry
    function restoreOrganisation(bytes32 id, string calldata reason) external {
        RegistryActs.setSuspended(_state, id, false, reason, msg.data);
    }

    /// @inheritdoc IDaoChainRegistry
    function setDelay(bytes32 id, uint16 delayHours) external {
        RegistryActs.setDelay(_state, id, delayHours, msg.data);
    }

    /// @inheritdoc IDaoChainRegistry
    function cancelActs(bytes32 id, bytes32[] calldata actIds) external {
        RegistryActs.cancelActs(_state, id, actIds);
    }

    /// @inheritdoc IDaoChainRegistry
    function setDisplayName(bytes32 id, string calldata displayName) external {
        RegistryActs.setDisplayName(_state, id, displayName);
    }

    /// @inheritdoc IDaoChainRegistry
    function removeNamespace(bytes32 id, string calldata namespace) external {
        RegistryActs.removeNamespace(_state, id, namespace, msg.data);
    }

    /// @inheritdoc IDaoChainRegistry
    function addAdmin(bytes32 id, address admin) external {
        RegistryActs.addAdmin(_state, id, admin, msg.data);
    }

    /// @inheritdoc IDaoChainRegistry
    function removeAdmin(bytes32 id, address admin) external {
        RegistryActs.removeAdmin(_state, id, admin, msg.data);
    }

    /// @inheritdoc IDaoChainRegistry
    function addSigner(bytes32 id, address signer, string calldata prefix) external {
        RegistryActs.addSigner(_state, id, signer, prefix, msg.data);
    }

    /// @inheritdoc IDaoChainRegistry
    function retireSigner(bytes32 id, address signer) external {
        RegistryActs.retireSigner(_state, id, signer);
    }

    /// @inheritdoc IDaoChainRegistry
    function replaceSigner(bytes32 id, address signer, address replacement) external {
        RegistryActs.replaceSigner(_state, id, signer, replacement, msg.data);
    }

    /// @inheritdoc IDaoChainRegistry
    function voidSigner(bytes32 id, address signer, uint64 since) external {
        RegistryActs.voidSigner(_state, id, signer, since);
    }

    /// @inheritdoc IDaoChainRegistry
    function setThreshold(bytes32 id, uint8 threshold) external {
        RegistryActs.setThreshold(_state, id, threshold, msg.data);
    }

    // ------------------------------------------------------------------ recording

    /// Tells a claim to the log, now that it counts, and finds it by its digests.
    function _tellCounted(
        ImageClaim memory claim,
        bytes32 tagKey,
        bytes32 recordId,
        bytes32 claimId,
        string calldata annotations
    ) private {
        bytes32 id = claim.organisation;
        emit ClaimCounted(recordId, id, tagKey, claim, annotations);
        Subject[] memory subjects = claim.subjects;
        for (uint256 i = 0; i < subjects.length; ++i) {
            emit SubjectClaimed(subjects[i].digest, id, claimId, recordId, subjects[i].kind);
        }
    }

    /// A tag moves only to a claim that was issued later. An empty tag (no key) has no head.
    function _moveHead(bytes32 tagKey, bytes32 claimId, uint64 issuedAt) private {
        if (tagKey == 0) return;
        Head memory head = _state.heads[tagKey];
        if (head.claimPrefix != 0 && head.issuedAt >= issuedAt) return;
        _state.heads[tagKey] = Head({
            claimPrefix: bytes22(claimId), issuedAt: uint40(issuedAt), blockNumber: uint40(block.number)
        });
    }

    // ------------------------------------------------------------------ revoking

    /// Revokes a record, or one claim of it, by a signer through whose approval it counted.
    /// @param key what is revoked in storage
    function _revokeRecord(bytes32 id, bytes32 recordId, bytes32 claimId, bytes32 key, string calldata reason) private {
        if (!_isAuthor(id, recordId, msg.sender)) revert NotAllowedToRevoke(id, msg.sender);
        if (bytes(reason).length > MAX_REASON) revert TooLong("reason", MAX_REASON);
        if (_state.revocations[id][key].time != 0) revert ClaimAlreadyRevoked(claimId);
        _state.revocations[id][key] = Revocation({time: uint64(block.timestamp), recordOnly: true});
        _state.organisations[id].append(
            OrganisationLog.topicsOf(RecordRevoked.selector, recordId, id, msg.sender), abi.encode(claimId, reason)
        );
    }

    // ------------------------------------------------------------------ what a claim must be

    /// @param isNew whether the batch has no approval yet: later on a claim that expired does not hold up the others
    function _requireValidBatch(bytes32 id, ImageClaim[] memory claims, string[] calldata annotations, bool isNew)
        private
        view
    {
        if (annotations.length != claims.length) revert AnnotationsMissing(claims.length, annotations.length);
        for (uint256 i = 0; i < claims.length; ++i) {
            ImageClaim memory claim = claims[i];
            if (claim.organisation != id) revert OrganisationsDiffer(id, claim.organisation);
            _requireValid(claim, annotations[i]);
            if (isNew && _isExpired(claim.expiresAt)) revert ClaimExpired(claim.expiresAt, uint64(block.timestamp));
        }
    }

    function _requireValid(ImageClaim memory claim, string calldata annotations) private view {
        Subject[] memory subjects = claim.subjects;
        uint256 repository = bytes(claim.repository).length;
        if (subjects.length == 0 || repository == 0) revert ClaimEmpty();
        if (subjects.length > MAX_SUBJECTS) revert TooMany("subjects", MAX_SUBJECTS);
        if (repository > Namespaces.MAX_REPOSITORY) revert TooLong("repository", Namespaces.MAX_REPOSITORY);
        if (bytes(claim.tag).length > MAX_TAG) revert TooLong("tag", MAX_TAG);
        uint64 issuedAt = claim.issuedAt;
        if (issuedAt > block.timestamp + CLOCK_TOLERANCE) revert IssuedInFuture(issuedAt, uint64(block.timestamp));
        if (issuedAt + TIME_TO_COUNT < block.timestamp) revert IssuedTooLongAgo(issuedAt, uint64(block.timestamp));
        _requireAnnotations(claim.annotations, annotations);
        for (uint256 i = 0; i < subjects.length; ++i) {
            if (subjects[i].digest == 0) revert DigestZero();
            if (bytes(subjects[i].platform).length > MAX_PLATFORM) revert TooLong("platform", MAX_PLATFORM);
        }
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
}
