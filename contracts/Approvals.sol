// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {IDaoChainRegistry} from "./IDaoChainRegistry.sol";
import {Organisations} from "./Organisations.sol";

/// @title Records, and who approved them
/// @notice A record is what was signed at once: a claim, or a batch of claims. Its id is the digest that was signed.
abstract contract Approvals is Organisations {
    uint256 private constant MAX_APPROVALS = 64;

    /// One slot. `countedAt` and `threshold` are 0 while the record is pending.
    struct Record {
        address firstSigner;
        uint40 submittedAt;
        uint40 countedAt;
        uint8 threshold;
        uint8 approvals;
    }

    /// One slot.
    struct LaterApproval {
        address signer;
        uint40 time;
    }

    mapping(bytes32 organisation => mapping(bytes32 recordId => Record)) internal _records;
    mapping(bytes32 recordId => mapping(uint256 index => LaterApproval)) private _laterApprovals;
    /// By the id of a claim, or of a record and so of all claims in it.
    mapping(bytes32 organisation => mapping(bytes32 id => uint64)) internal _claimRevocations;

    constructor(address firstGovernor) Organisations(firstGovernor) {}

    /// @inheritdoc IDaoChainRegistry
    function recordState(bytes32 id, bytes32 recordId) public view returns (RecordState memory state) {
        Record memory record = _records[id][recordId];
        state.submittedAt = record.submittedAt;
        state.countedAt = record.countedAt;
        state.threshold = record.threshold;
        state.approvals = record.approvals;
        state.revokedAt = _claimRevocations[id][recordId];
        state.validApprovals = _countStanding(id, recordId, record);
    }

    /// @inheritdoc IDaoChainRegistry
    function approvalsOf(bytes32 id, bytes32 recordId)
        external
        view
        returns (address[] memory signers, uint64[] memory times)
    {
        Record memory record = _records[id][recordId];
        signers = new address[](record.approvals);
        times = new uint64[](record.approvals);
        for (uint256 i = 0; i < record.approvals; ++i) {
            (signers[i], times[i]) = _approvalAt(recordId, record, i);
        }
    }

    /// Checks and stores the approvals that are new, and the record with them. Whether they made the record count.
    /// Who approved before is passed over, so that nobody can spoil a transaction by sending its approvals earlier.
    function _addApprovals(bytes32 id, bytes32 recordId, Record memory record, Approval[] calldata approvals)
        internal
        returns (bool counts)
    {
        uint16 required = _threshold(id);
        if (_claimRevocations[id][recordId] != 0) revert ClaimAlreadyRevoked(recordId);
        if (approvals.length == 0) revert ApprovalsMissing();

        uint8 known = record.approvals;
        for (uint256 i = 0; i < approvals.length; ++i) {
            Approval calldata approval = approvals[i];
            address signer = approval.signer;
            if (_timeOf(recordId, record, signer) != 0) continue;
            uint8 index = record.approvals;
            if (index == MAX_APPROVALS) revert TooMany("approvals", MAX_APPROVALS);
            _requireApproval(id, recordId, signer, approval.signature);
            if (index == 0) record.firstSigner = signer;
            else _laterApprovals[recordId][index] = LaterApproval({signer: signer, time: uint40(block.timestamp)});
            record.approvals = index + 1;
            emit RecordApproved(recordId, id, signer);
        }
        // Without a new approval nothing changes: a threshold that was lowered meanwhile is met by signers, not by strangers.
        if (record.approvals == known) return false;

        counts = record.threshold == 0 && _countStanding(id, recordId, record) >= required;
        if (counts) {
            record.threshold = uint8(required);
            record.countedAt = uint40(block.timestamp);
            emit RecordCounted(recordId, id, required);
        }
        _records[id][recordId] = record;
    }

    /// Whether the account approved a record that counted, not later than it did. Whoever approves afterwards, or records
    /// a claim anew below the threshold, has no more say over it than before.
    function _isAuthor(bytes32 id, bytes32 recordId, address account) internal view returns (bool) {
        Record memory record = _records[id][recordId];
        uint64 time = _timeOf(recordId, record, account);
        return time != 0 && time <= record.countedAt;
    }

    /// Reverts unless a current signer approves: by sending this itself, or by a signature.
    function _requireApproval(bytes32 id, bytes32 recordId, address signer, bytes calldata signature) private view {
        if (!isSigner(id, signer)) revert NotSigner(id, signer);
        if (signature.length == 0 && signer == msg.sender) return;
        // A key's signature first: it costs no look at the account. The zero address, which stands for none, is no signer.
        (address recovered,,) = ECDSA.tryRecoverCalldata(recordId, signature);
        if (recovered == signer) return;
        if (!SignatureChecker.isValidERC1271SignatureNowCalldata(signer, recordId, signature)) {
            revert SignatureInvalid(signer);
        }
    }

    function _approvalAt(bytes32 recordId, Record memory record, uint256 index)
        private
        view
        returns (address signer, uint64 time)
    {
        if (index == 0) return (record.firstSigner, record.submittedAt);
        LaterApproval storage later = _laterApprovals[recordId][index];
        return (later.signer, later.time);
    }

    /// How many approvals no void has taken down.
    function _countStanding(bytes32 id, bytes32 recordId, Record memory record) private view returns (uint16 count) {
        for (uint256 i = 0; i < record.approvals; ++i) {
            (address signer, uint64 time) = _approvalAt(recordId, record, i);
            uint64 voidSince = _signerStates[id][signer].voidSince;
            if (voidSince == 0 || time < voidSince) ++count;
        }
    }

    /// When the account approved the record, 0 if it did not.
    function _timeOf(bytes32 recordId, Record memory record, address account) private view returns (uint64) {
        for (uint256 i = 0; i < record.approvals; ++i) {
            (address signer, uint64 time) = _approvalAt(recordId, record, i);
            if (signer == account) return time;
        }
        return 0;
    }
}
