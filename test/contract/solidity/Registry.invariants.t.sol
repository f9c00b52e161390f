// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DaoChainRegistry} from "../../../contracts/DaoChainRegistry.sol";
import {IDaoChainRegistry} from "../../../contracts/IDaoChainRegistry.sol";
import {cheats} from "./Cheats.sol";
import {Handler} from "./Handler.sol";

/// What holds after any acts of anybody.
contract RegistryInvariants {
    DaoChainRegistry private _registry;
    Handler private _handler;

    error Broken(string what);

    function setUp() public {
        cheats.warp(1_800_000_000);
        _registry = new DaoChainRegistry(address(this), address(0), 0, 0);
        _handler = new Handler(_registry, address(this));
        string[] memory none;
        _registry.admitOrganisation("acme", "Acme", address(_handler), false, none);
        _registry.admitOrganisation("globex", "", address(_handler), false, none);
        for (uint256 i = 0; i < 3; ++i) {
            _handler.manageSigner(0, i, 0);
            _handler.manageSigner(0, i, 1);
        }
    }

    /// The runner asks for the contracts to act on.
    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    /// That the acts do something, without which no invariant would say anything.
    function test_theHandlerReachesWhatItIsFor() public {
        for (uint256 i = 0; i < 40; ++i) {
            uint256 drawn = uint256(keccak256(abi.encode(i)));
            _handler.submit(drawn, drawn >> 64);
            _handler.submitBatch(drawn >> 32, drawn >> 96, drawn >> 128);
            _handler.wait(drawn);
        }
        uint256 counted = 0;
        uint256 pending = 0;
        for (uint256 i = 0; i < _handler.count(); ++i) {
            if (_registry.recordState(_handler.ACME(), _handler.records(i)).threshold != 0) ++counted;
        }
        _handler.setThreshold(3, 0);
        for (uint256 i = 40; i < 80; ++i) {
            uint256 drawn = uint256(keccak256(abi.encode(i)));
            _handler.submit(drawn, drawn >> 64);
        }
        for (uint256 i = 0; i < _handler.count(); ++i) {
            IDaoChainRegistry.RecordState memory state = _registry.recordState(_handler.ACME(), _handler.records(i));
            if (state.submittedAt != 0 && state.threshold == 0) ++pending;
        }
        if (counted < 5 || pending < 3) revert Broken("too few records");
        if (_handler.head(0).claimPrefix == 0 || _handler.head(1).claimPrefix == 0) revert Broken("no heads");
        _handler.revokeDigest(0);
        _handler.revokeClaim(0);
        if (_handler.revokedAt(_handler.digests(0)) == 0) revert Broken("no revocation");
        _handler.manageSigner(3, 0, 4);
        if (_registry.signerState(_handler.ACME(), cheats.addr(1)).voidSince == 0) revert Broken("no void");
        _handler.governorActs(1, 4);
        _handler.strangerActs(4, address(0xbeef));
        if (bytes(_handler.broken()).length != 0) revert Broken(_handler.broken());
    }

    function invariant_nobodyDidWhatNobodyMay() public view {
        if (bytes(_handler.broken()).length != 0) revert Broken(_handler.broken());
    }

    function invariant_goodMeansEnoughDistinctStandingApprovalsByMembersOfTheTime() public view {
        for (uint256 i = 0; i < _handler.count(); ++i) {
            bytes32 id = _handler.records(i);
            _checkRecord(_handler.ACME(), id);
            _checkRecord(_handler.GLOBEX(), id);
        }
    }

    function invariant_revocationsAreFinal() public view {
        bytes32[] memory none;
        for (uint256 i = 0; i < 4; ++i) {
            bytes32[] memory one = _one(_handler.digests(i));
            uint64 time = _registry.read(_handler.ACME(), "", "", one, none, none).digestRevocations[0];
            if (time != _handler.revokedAt(one[0])) revert Broken("a digest's revocation changed");
        }
        for (uint256 i = 0; i < _handler.countClaims(); ++i) {
            bytes32[] memory one = _one(_handler.claims(i));
            uint64 time = _registry.read(_handler.ACME(), "", "", none, one, one).claimRevocations[0];
            if (time != _handler.claimRevokedAt(one[0])) revert Broken("a claim's revocation changed");
        }
    }

    function invariant_headsNeverMoveBack() public view {
        for (uint256 tag = 0; tag < 3; ++tag) {
            IDaoChainRegistry.Head memory head = _handler.head(tag);
            if (head.issuedAt < _handler.headIssuedAt(_handler.tagKey(tag))) revert Broken("a head moved back");
            if (tag == 2 && head.claimPrefix != 0) revert Broken("no tag has a head");
        }
    }

    function invariant_thresholdsStay() public view {
        for (uint256 i = 0; i < 2; ++i) {
            bytes32 id = i == 0 ? _handler.ACME() : _handler.GLOBEX();
            IDaoChainRegistry.OrganisationView memory view_ = _registry.organisation(id);
            if (view_.threshold == 0) revert Broken("a threshold is 0");
            if (view_.admins.length == 0) revert Broken("no admin is left");
        }
    }

    function _checkRecord(bytes32 organisation, bytes32 id) private view {
        IDaoChainRegistry.RecordState memory state = _registry.recordState(organisation, id);
        (address[] memory signers, uint64[] memory times) = _registry.approvalsOf(organisation, id);
        if ((state.threshold == 0) != (state.countedAt == 0)) revert Broken("counted by halves");
        uint256 standing = 0;
        uint256 byCount = 0;
        for (uint256 i = 0; i < signers.length; ++i) {
            for (uint256 j = 0; j < i; ++j) {
                if (signers[i] == signers[j]) revert Broken("approved twice");
            }
            IDaoChainRegistry.SignerState memory signer = _registry.signerState(organisation, signers[i]);
            bool member = signer.addedAt != 0 && signer.addedAt <= times[i]
                && (signer.retiredAt == 0 || times[i] <= signer.retiredAt);
            if (!member) revert Broken("approved by no member of the time");
            if (signer.voidSince == 0 || times[i] < signer.voidSince) ++standing;
            if (times[i] <= state.countedAt) ++byCount;
        }
        if (standing != state.validApprovals) revert Broken("miscounted");
        if (byCount < state.threshold) revert Broken("counted below its threshold");
    }

    function _one(bytes32 value) private pure returns (bytes32[] memory one) {
        one = new bytes32[](1);
        one[0] = value;
    }
}
