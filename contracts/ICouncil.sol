// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Members who act together
/// @notice The governor of a consortium: M of N members agree on a call, and it is made after a delay. Who the members are, how
/// many must agree and how long it takes is changed by such calls too, to the council itself.
interface ICouncil {
    /// @notice A proposal's state. `readyAt` 0: too few have agreed; else it can be executed from then until 14 days later.
    struct ProposalState {
        uint256 approvals;
        uint64 readyAt;
        bool executed;
    }

    event MemberAdded(address indexed member);
    event MemberRemoved(address indexed member);
    event QuorumChanged(uint256 quorum);
    event DelayChanged(uint16 delayHours);
    event Proposed(bytes32 indexed proposalId, address indexed by, address indexed target, bytes data, uint256 nonce);
    event Approved(bytes32 indexed proposalId, address indexed member);
    event Withdrawn(bytes32 indexed proposalId, address indexed member);
    /// @notice Enough members agree.
    event Scheduled(bytes32 indexed proposalId, uint64 readyAt);
    event Executed(bytes32 indexed proposalId, address indexed by);

    error NotMember(address sender);
    /// @notice Only the council itself, by a proposal.
    error NotCouncil(address sender);
    error AlreadyMember(address member);
    error MemberInvalid(address member);
    error TooManyMembers(uint256 limit);
    error QuorumInvalid(uint256 quorum, uint256 members);
    error DelayInvalid(uint16 delayHours);
    error UnknownProposal(bytes32 proposalId);
    error AlreadyProposed(bytes32 proposalId);
    error AlreadyApproved(bytes32 proposalId, address member);
    error NotApproved(bytes32 proposalId, address member);
    error AlreadyExecuted(bytes32 proposalId);
    /// @notice Too few agree, it is too early, or more than 14 days late.
    error NotReady(bytes32 proposalId, uint256 approvals, uint64 readyAt);
    error CallFailed(bytes answer);

    /// @notice Proposes a call, and approves it. By a member.
    /// @param nonce any number; it tells one proposal from another of the same call
    function propose(address target, bytes calldata data, uint256 nonce) external returns (bytes32 proposalId);
    /// @notice By a member. The delay begins when enough agree.
    function approve(bytes32 proposalId) external;
    /// @notice Takes an approval back. Where too few are left, the delay begins anew with the next that suffices.
    function withdraw(bytes32 proposalId) external;
    /// @notice Makes the call. By a member; approvals of those who are members no more do not count.
    function execute(address target, bytes calldata data, uint256 nonce) external;

    /// @notice By the council itself, as are the next three.
    function addMember(address member) external;
    function removeMember(address member) external;
    function setQuorum(uint256 quorum) external;
    function setDelay(uint16 delayHours) external;

    function members() external view returns (address[] memory);
    function quorum() external view returns (uint256);
    function delayHours() external view returns (uint16);
    function proposal(bytes32 proposalId) external view returns (ProposalState memory);
    /// @notice keccak256(abi.encode(target, data, nonce)).
    function proposalIdOf(address target, bytes calldata data, uint256 nonce) external pure returns (bytes32);
}
