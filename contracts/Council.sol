// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICouncil} from "./ICouncil.sol";

/// @title Members who act together
/// @notice Immutable, holds no ether, and can call whatever its members agree on.
contract Council is ICouncil {
    uint256 private constant MAX_MEMBERS = 32;
    uint16 private constant MAX_DELAY = 720;
    /// Whoever saw a call coming need not look out for it for ever.
    uint256 private constant TIME_TO_EXECUTE = 14 days;

    struct Proposal {
        bool exists;
        bool executed;
        uint64 readyAt;
        /// By whom, as the number that the membership had.
        mapping(address member => uint256 number) approvals;
    }

    /// @inheritdoc ICouncil
    uint256 public quorum;
    /// @inheritdoc ICouncil
    uint16 public delayHours;
    address[] private _members;
    /// Each membership has its number, so that approvals of a former one do not rise again with the next; 0: no member.
    mapping(address member => uint256) private _numbers;
    uint256 private _lastNumber;
    mapping(bytes32 proposalId => Proposal) private _proposals;

    modifier onlyMember() {
        if (_numbers[msg.sender] == 0) revert NotMember(msg.sender);
        _;
    }

    modifier onlyCouncil() {
        if (msg.sender != address(this)) revert NotCouncil(msg.sender);
        _;
    }

    constructor(address[] memory firstMembers, uint256 firstQuorum, uint16 firstDelayHours) {
        for (uint256 i = 0; i < firstMembers.length; ++i) {
            _addMember(firstMembers[i]);
        }
        _setQuorum(firstQuorum);
        _setDelay(firstDelayHours);
    }

    // ------------------------------------------------------------------ proposals

    /// @inheritdoc ICouncil
    function propose(address target, bytes calldata data, uint256 nonce)
        external
        onlyMember
        returns (bytes32 proposalId)
    {
        proposalId = proposalIdOf(target, data, nonce);
        if (_proposals[proposalId].exists) revert AlreadyProposed(proposalId);
        _proposals[proposalId].exists = true;
        emit Proposed(proposalId, msg.sender, target, data, nonce);
        _approve(proposalId);
    }

    /// @inheritdoc ICouncil
    function approve(bytes32 proposalId) external onlyMember {
        if (!_proposals[proposalId].exists) revert UnknownProposal(proposalId);
        _approve(proposalId);
    }

    /// @inheritdoc ICouncil
    function withdraw(bytes32 proposalId) external onlyMember {
        Proposal storage found = _proposals[proposalId];
        if (found.executed) revert AlreadyExecuted(proposalId);
        if (found.approvals[msg.sender] != _numbers[msg.sender]) revert NotApproved(proposalId, msg.sender);
        delete found.approvals[msg.sender];
        emit Withdrawn(proposalId, msg.sender);
        if (_countApprovals(found) < quorum) delete found.readyAt;
    }

    /// @inheritdoc ICouncil
    function execute(address target, bytes calldata data, uint256 nonce) external onlyMember {
        bytes32 proposalId = proposalIdOf(target, data, nonce);
        Proposal storage found = _proposals[proposalId];
        if (found.executed) revert AlreadyExecuted(proposalId);
        uint256 approvals = _countApprovals(found);
        uint64 readyAt = found.readyAt;
        if (
            approvals < quorum || readyAt == 0 || block.timestamp < readyAt
                || block.timestamp > readyAt + TIME_TO_EXECUTE
        ) {
            revert NotReady(proposalId, approvals, readyAt);
        }
        // Before the call, which may come back here.
        found.executed = true;
        emit Executed(proposalId, msg.sender);
        (bool done, bytes memory answer) = target.call(data);
        if (!done) revert CallFailed(answer);
    }

    // ------------------------------------------------------------------ the council about itself

    /// @inheritdoc ICouncil
    function addMember(address member) external onlyCouncil {
        _addMember(member);
    }

    /// @inheritdoc ICouncil
    function removeMember(address member) external onlyCouncil {
        if (_numbers[member] == 0) revert NotMember(member);
        uint256 last = _members.length - 1;
        if (last < quorum) revert QuorumInvalid(quorum, last);
        delete _numbers[member];
        uint256 index = 0;
        while (_members[index] != member) ++index;
        _members[index] = _members[last];
        _members.pop();
        emit MemberRemoved(member);
    }

    /// @inheritdoc ICouncil
    function setQuorum(uint256 newQuorum) external onlyCouncil {
        _setQuorum(newQuorum);
    }

    /// @inheritdoc ICouncil
    function setDelay(uint16 newDelayHours) external onlyCouncil {
        _setDelay(newDelayHours);
    }

    // ------------------------------------------------------------------ reads

    /// @inheritdoc ICouncil
    function members() external view returns (address[] memory) {
        return _members;
    }

    /// @inheritdoc ICouncil
    function proposal(bytes32 proposalId) external view returns (ProposalState memory state) {
        Proposal storage found = _proposals[proposalId];
        state = ProposalState({approvals: _countApprovals(found), readyAt: found.readyAt, executed: found.executed});
        if (state.approvals < quorum) state.readyAt = 0;
    }

    /// @inheritdoc ICouncil
    function proposalIdOf(address target, bytes calldata data, uint256 nonce) public pure returns (bytes32) {
        return keccak256(abi.encode(target, data, nonce));
    }

    // ------------------------------------------------------------------ inside

    /// The delay begins with the approval that suffices. One that is given again begins it too, where it has not begun or the
    /// time to execute has passed.
    function _approve(bytes32 proposalId) private {
        Proposal storage found = _proposals[proposalId];
        if (found.executed) revert AlreadyExecuted(proposalId);
        uint256 number = _numbers[msg.sender];
        bool known = found.approvals[msg.sender] == number;
        bool enoughBefore = _countApprovals(found) >= quorum;
        bool begun = enoughBefore && found.readyAt != 0 && block.timestamp <= found.readyAt + TIME_TO_EXECUTE;
        if (known && (begun || !enoughBefore)) revert AlreadyApproved(proposalId, msg.sender);
        found.approvals[msg.sender] = number;
        emit Approved(proposalId, msg.sender);
        if (begun || _countApprovals(found) < quorum) return;
        uint64 readyAt = uint64(block.timestamp) + uint64(delayHours) * 1 hours;
        found.readyAt = readyAt;
        emit Scheduled(proposalId, readyAt);
    }

    /// Of those who are members now.
    function _countApprovals(Proposal storage found) private view returns (uint256 count) {
        for (uint256 i = 0; i < _members.length; ++i) {
            address member = _members[i];
            if (found.approvals[member] == _numbers[member]) ++count;
        }
    }

    function _addMember(address member) private {
        if (member == address(0) || member == address(this)) revert MemberInvalid(member);
        if (_numbers[member] != 0) revert AlreadyMember(member);
        if (_members.length == MAX_MEMBERS) revert TooManyMembers(MAX_MEMBERS);
        _members.push(member);
        _numbers[member] = ++_lastNumber;
        emit MemberAdded(member);
    }

    function _setQuorum(uint256 newQuorum) private {
        if (newQuorum == 0 || newQuorum > _members.length) revert QuorumInvalid(newQuorum, _members.length);
        quorum = newQuorum;
        emit QuorumChanged(newQuorum);
    }

    function _setDelay(uint16 newDelayHours) private {
        if (newDelayHours > MAX_DELAY) revert DelayInvalid(newDelayHours);
        delayHours = newDelayHours;
        emit DelayChanged(newDelayHours);
    }
}
