// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DaoChainRegistry} from "../../../contracts/DaoChainRegistry.sol";
import {IDaoChainRegistry} from "../../../contracts/IDaoChainRegistry.sol";
import {cheats} from "./Cheats.sol";

/// Single acts with any input.
contract RegistryFuzz {
    uint256 private constant KEY = 7;
    bytes32 private constant ACME = keccak256("acme");
    DaoChainRegistry private _registry;

    error Wrong(string what);

    function setUp() public {
        cheats.warp(1_800_000_000);
        _registry = new DaoChainRegistry(address(this), address(0), 0, 0);
        string[] memory none;
        _registry.admitOrganisation("acme", "", address(this), false, none);
        _registry.addSigner(ACME, cheats.addr(KEY), "");
    }

    function testFuzz_onlyTheSignersKeyApproves(uint256 key, bytes32 digest, string calldata tag) public {
        key = 1 + key % (type(uint128).max);
        cheats.assume(key != KEY && digest != 0 && bytes(tag).length <= 128);
        IDaoChainRegistry.ImageClaim memory claim = _claim(digest, tag, uint64(block.timestamp));
        bytes32 id = _registry.hashClaim(claim);
        IDaoChainRegistry.Approval[] memory approvals = _approvals(key, id);
        approvals[0].signer = cheats.addr(KEY);
        cheats.expectRevert(abi.encodeWithSelector(IDaoChainRegistry.SignatureInvalid.selector, cheats.addr(KEY)));
        _registry.submitClaim(claim, approvals, "");
        _registry.submitClaim(claim, _approvals(KEY, id), "");
        if (_registry.recordState(ACME, id).threshold != 1) revert Wrong("it did not count");
    }

    function testFuzz_aSignatureIsForOneClaim(bytes32 digest, bytes32 other) public {
        cheats.assume(digest != 0 && other != 0 && digest != other);
        IDaoChainRegistry.ImageClaim memory claim = _claim(digest, "1", uint64(block.timestamp));
        bytes32 elsewhere = _registry.hashClaim(_claim(other, "1", uint64(block.timestamp)));
        cheats.expectRevert(abi.encodeWithSelector(IDaoChainRegistry.SignatureInvalid.selector, cheats.addr(KEY)));
        _registry.submitClaim(claim, _approvals(KEY, elsewhere), "");
    }

    function testFuzz_theHeadIsTheNewest(uint64 first, uint64 second) public {
        uint64 latest = uint64(block.timestamp) + 60;
        first = latest - first % (30 days + 61);
        second = latest - second % (30 days + 61);
        _submit(_claim(keccak256("first"), "1", first));
        bytes22 before = _head();
        _submit(_claim(keccak256("second"), "1", second));
        if ((_head() != before) != (second > first)) revert Wrong("the head");
    }

    function testFuzz_nothingIsIssuedAhead(uint64 ahead) public {
        cheats.assume(ahead > 60 && ahead < type(uint64).max - block.timestamp);
        IDaoChainRegistry.ImageClaim memory claim = _claim(keccak256("x"), "1", uint64(block.timestamp) + ahead);
        IDaoChainRegistry.Approval[] memory approvals = _approvals(KEY, _registry.hashClaim(claim));
        cheats.expectRevert(
            abi.encodeWithSelector(IDaoChainRegistry.IssuedInFuture.selector, claim.issuedAt, uint64(block.timestamp))
        );
        _registry.submitClaim(claim, approvals, "");
    }

    function testFuzz_aVoidTakesExactlyWhatCameAtOrAfterIt(uint32 approvedAfter, uint32 voidSince) public {
        uint64 start = uint64(block.timestamp);
        cheats.warp(start + approvedAfter);
        IDaoChainRegistry.ImageClaim memory claim = _claim(keccak256("x"), "1", start + approvedAfter);
        bytes32 id = _submit(claim);
        cheats.warp(uint256(start) + type(uint32).max);
        _registry.voidSigner(ACME, cheats.addr(KEY), start + voidSince);
        bool stands = _registry.recordState(ACME, id).validApprovals == 1;
        if (stands != (approvedAfter < voidSince)) revert Wrong("the void");
    }

    function testFuzz_onlyAdminsManage(address stranger, address signer) public {
        cheats.assume(stranger != address(this) && signer != address(0));
        bytes memory refusal = abi.encodeWithSelector(IDaoChainRegistry.NotAdmin.selector, ACME, stranger);
        cheats.expectRevert(refusal);
        cheats.prank(stranger);
        _registry.addSigner(ACME, signer, "");
        cheats.expectRevert(refusal);
        cheats.prank(stranger);
        _registry.setThreshold(ACME, 1);
        cheats.expectRevert(refusal);
        cheats.prank(stranger);
        _registry.addAdmin(ACME, signer);
    }

    function _head() private view returns (bytes22) {
        bytes32[] memory none;
        return _registry.read(ACME, "docker.io/acme/api", "1", none, none, none).head.claimPrefix;
    }

    function _submit(IDaoChainRegistry.ImageClaim memory claim) private returns (bytes32 id) {
        return _registry.submitClaim(claim, _approvals(KEY, _registry.hashClaim(claim)), "");
    }

    function _claim(bytes32 digest, string memory tag, uint64 issuedAt)
        private
        pure
        returns (IDaoChainRegistry.ImageClaim memory claim)
    {
        claim.organisation = ACME;
        claim.repository = "docker.io/acme/api";
        claim.tag = tag;
        claim.subjects = new IDaoChainRegistry.Subject[](1);
        claim.subjects[0] = IDaoChainRegistry.Subject({digest: digest, kind: 0, platform: "linux/amd64"});
        claim.issuedAt = issuedAt;
    }

    function _approvals(uint256 key, bytes32 id) private pure returns (IDaoChainRegistry.Approval[] memory approvals) {
        (uint8 v, bytes32 r, bytes32 s) = cheats.sign(key, id);
        approvals = new IDaoChainRegistry.Approval[](1);
        approvals[0] = IDaoChainRegistry.Approval({signer: cheats.addr(key), signature: abi.encodePacked(r, s, v)});
    }
}
