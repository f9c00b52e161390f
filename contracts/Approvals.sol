// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {IDaoChainRegistry} from "./IDaoChainRegistry.sol";
import {Namespaces} from "./Namespaces.sol";
import {OrganisationLog} from "./OrganisationLog.sol";
import {LaterApproval, Organisation, Record, RegistryState} from "./RegistryState.sol";

/// @title Records, and who approved them
/// @notice A record is what was signed at once: a claim, or a batch of claims. Its id is the digest that was signed.
abstract contract Approvals is IDaoChainRegistry {
    using OrganisationLog for Organisation;
    using OrganisationLog for uint256;

    uint256 private constant MAX_APPROVALS = 64;

    /// All of the storage: it begins at slot 0.
    RegistryState internal _state;

    /// @inheritdoc IDaoChainRegistry
    function recordState(bytes32 id, bytes32 recordId) public view returns (RecordState memory state) {
        Record memory record = _state.records[id][recordId];
        state.submittedAt = record.submittedAt;
        state.countedAt = record.countedAt;
        state.threshold = record.threshold;
        state.approvals = record.approvals;
        state.revokedAt = _state.revocations[id][recordId].time;
        state.validApprovals = _countStanding(id, recordId, record);
    }

    /// @inheritdoc IDaoChainRegistry
    function approvalsOf(bytes32 id, bytes32 recordId)
        external
        view
        returns (address[] memory signers, uint64[] memory times)
    {
        Record memory record = _state.records[id][recordId];
        signers = new address[](record.approvals);
        times = new uint64[](record.approvals);
        for (uint256 i = 0; i < record.approvals; ++i) {
            LaterApproval memory approval = _approvalAt(recordId, record, i);
            (signers[i], times[i]) = (approval.signer, approval.time);
        }
    }

    /// Checks the approvals that are new and adds them to the record, in memory and in the log; the sender of this stores both.
    /// Who approved before is passed over, so that nobody can spoil a transaction by sending its approvals earlier.
    /// @return word the organisation's first slot as it is to be
    /// @return added whether any was new
    /// @return bound whether any new one is by a signer who is bound to a prefix
    function _addApprovals(bytes32 id, bytes32 recordId, Record memory record, Approval[] calldata approvals)
        internal
        returns (uint256 word, bool added, bool bound)
    {
        word = _state.organisations[id].load();
        if (uint8(word) == 0) revert UnknownOrganisation(id);
        if (uint8(word >> 8) != 0) revert Suspended(id);
        if (_state.revocations[id][recordId].time != 0) revert ClaimAlreadyRevoked(recordId);
        if (approvals.length == 0) revert ApprovalsMissing();

        for (uint256 i = 0; i < approvals.length; ++i) {
            Approval calldata approval = approvals[i];
            address signer = approval.signer;
            if (_approvalBy(recordId, record, signer).time != 0) continue;
            uint8 index = record.approvals;
            if (index == MAX_APPROVALS) revert TooMany("approvals", MAX_APPROVALS);
            if (_requireApproval(id, recordId, signer, approval.signature)) bound = true;
            if (index == 0) {
                record.firstSigner = signer;
            } else {
                _state.laterApprovals[recordId][index] =
                    LaterApproval({signer: signer, time: uint40(block.timestamp), late: record.threshold != 0});
            }
            record.approvals = index + 1;
            added = true;
            emit RecordApproved(recordId, id, signer);
            word = word.advance(keccak256(abi.encode(RecordApproved.selector, recordId, id, signer)));
        }
    }

    /// Whether a record that has not counted does so now. An approval is new, and so stands: who is voided signs no more.
    function _reachesThreshold(bytes32 id, bytes32 recordId, Record memory record, uint256 word)
        internal
        view
        returns (bool)
    {
        if (record.threshold != 0) return false;
        return uint8(word) == 1 || _countStanding(id, recordId, record) >= uint8(word);
    }

    /// Makes a record count, in memory and in the log.
    function _count(bytes32 id, bytes32 recordId, Record memory record, uint256 word) internal returns (uint256) {
        uint8 threshold = uint8(word);
        record.threshold = threshold;
        record.countedAt = uint40(block.timestamp);
        emit RecordCounted(recordId, id, threshold);
        return word.advance(keccak256(abi.encode(RecordCounted.selector, recordId, id, threshold)));
    }

    function _store(bytes32 id, bytes32 recordId, Record memory record, uint256 word) internal {
        _state.records[id][recordId] = record;
        _state.organisations[id].store(word);
    }

    /// Reverts unless each approval of a bound signer is of a claim below its prefix.
    function _requireWithin(bytes32 id, Approval[] calldata approvals, string memory repository) internal view {
        for (uint256 i = 0; i < approvals.length; ++i) {
            address signer = approvals[i].signer;
            if (!_state.signerStates[id][signer].bound) continue;
            bytes memory prefix = bytes(_state.signerPrefixes[id][signer]);
            if (!Namespaces.holds(prefix.length, keccak256(prefix), bytes(repository))) {
                revert SignerBound(id, signer);
            }
        }
    }

    /// Whether a current signer's approval was there when the record counted. Whoever approves afterwards, or records a claim
    /// anew below the threshold, has no more say over it than before.
    function _isAuthor(bytes32 id, bytes32 recordId, address account) internal view returns (bool) {
        Record memory record = _state.records[id][recordId];
        if (record.threshold == 0 || !_isSigner(_state.signerStates[id][account])) return false;
        LaterApproval memory approval = _approvalBy(recordId, record, account);
        return approval.time != 0 && !approval.late;
    }

    function _isSigner(SignerState storage times) internal view returns (bool) {
        return times.addedAt != 0 && times.retiredAt == 0;
    }

    /// Reverts unless a current signer approves: by sending this itself, or by a signature.
    /// @return bound whether the signer is bound to a prefix
    function _requireApproval(bytes32 id, bytes32 recordId, address signer, bytes calldata signature)
        private
        view
        returns (bool bound)
    {
        SignerState storage times = _state.signerStates[id][signer];
        if (!_isSigner(times)) revert NotSigner(id, signer);
        bound = times.bound;
        if (signature.length == 0 && signer == msg.sender) return bound;
        // A key's signature first: it costs no look at the account. The zero address, which stands for none, is no signer.
        if (signature.length == 65) {
            (address recovered,,) = ECDSA.tryRecover(
                recordId, uint8(signature[64]), bytes32(signature[:32]), bytes32(signature[32:64])
            );
            if (recovered == signer) return bound;
        }
        if (!_isApprovedByContract(recordId, signer, signature)) revert SignatureInvalid(signer);
    }

    /// EIP-1271. Of the answer one word is taken, however long it is; what the call does to its own state is none of ours, and it
    /// cannot touch this contract's.
    function _isApprovedByContract(bytes32 recordId, address signer, bytes calldata signature)
        private
        view
        returns (bool valid)
    {
        bytes memory question = abi.encodeCall(IERC1271.isValidSignature, (recordId, signature));
        bytes32 yes = bytes32(IERC1271.isValidSignature.selector);
        assembly ("memory-safe") {
            let done := staticcall(gas(), signer, add(question, 32), mload(question), 0, 32)
            valid := and(and(done, gt(returndatasize(), 31)), eq(mload(0), yes))
        }
    }

    /// The first approval is in the record itself; it is there before the record counts.
    function _approvalAt(bytes32 recordId, Record memory record, uint256 index)
        private
        view
        returns (LaterApproval memory)
    {
        if (index != 0) return _state.laterApprovals[recordId][index];
        return LaterApproval({signer: record.firstSigner, time: record.submittedAt, late: false});
    }

    /// How many approvals no void has taken down.
    function _countStanding(bytes32 id, bytes32 recordId, Record memory record) private view returns (uint8 count) {
        for (uint256 i = 0; i < record.approvals; ++i) {
            LaterApproval memory approval = _approvalAt(recordId, record, i);
            uint64 voidSince = _state.signerStates[id][approval.signer].voidSince;
            if (voidSince == 0 || approval.time < voidSince) ++count;
        }
    }

    /// The account's approval of the record, all zero if there is none.
    function _approvalBy(bytes32 recordId, Record memory record, address account)
        private
        view
        returns (LaterApproval memory none)
    {
        for (uint256 i = 0; i < record.approvals; ++i) {
            LaterApproval memory approval = _approvalAt(recordId, record, i);
            if (approval.signer == account) return approval;
        }
    }
}
